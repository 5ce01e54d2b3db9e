from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tamizdat.desk.accounts import passkeys


def newsroom(request: Any) -> dict[str, str | bool]:
    """Give the desk's templates the newsroom's name, and where its passkeys work."""
    home = passkeys.home(settings.NEWSROOM.addresses.desk)
    return {
        "newsroom_name": settings.NEWSROOM.name,
        "passkey_home": home,
        "passkeys_work_here": request.headers.get("Host") == urlsplit(home).netloc,
    }

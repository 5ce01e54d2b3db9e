from typing import Any

from django.conf import settings


def newsroom(_request: Any) -> dict[str, str]:
    """Give the desk's templates the newsroom's name."""
    return {"newsroom_name": settings.NEWSROOM.name}

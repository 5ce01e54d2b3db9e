"""The bare address of counter and till: who types it wants to read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def to_the_edition(_request: HttpRequest) -> HttpResponse:
    """Lead to the edition's address, as the settings say it now."""
    return HttpResponseRedirect(f"{settings.NEWSROOM.addresses.edition}/")

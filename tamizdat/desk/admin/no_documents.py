"""The desk keeps no documents: they would carry metadata. The CMS insists on their address."""

from typing import NoReturn

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path


def gone(_request: HttpRequest) -> NoReturn:
    raise Http404


class NoDocuments:
    """An endpoint of the CMS's own API that holds nothing."""

    class model(Model):  # noqa: N801  the name under which the CMS looks for it
        class Meta:
            abstract = True

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        return [path("", gone, name="listing")]

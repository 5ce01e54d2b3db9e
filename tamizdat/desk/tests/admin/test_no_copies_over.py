"""No address of the desk lets somebody who may add a thing write over another one.

The CMS's page that copies a snippet takes the original as what its form saves: who posts to it
changes the original, though they may only add.
"""

from django.urls import URLPattern, get_resolver
from wagtail.admin.views.generic.models import CopyViewMixin
from wagtail.models import Site


def addresses(resolver):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from addresses(each)


def test_nothing_is_copied_by_the_page_that_saves_over_the_original(desk):
    every = [each.callback for each in addresses(get_resolver())]
    copying = [
        each for each in every if issubclass(getattr(each, "view_class", object), CopyViewMixin)
    ]

    assert len(every) > 100
    # Who may add a site may change it, too: both are an admin's.
    assert {each.view_initkwargs["model"] for each in copying} <= {Site}


def test_a_reporter_renames_nobody(reporter, ada):
    sent = {"name": "Somebody Else", "slug": "somebody-else", "kind": "pseudonym"}

    answer = reporter.post(f"/desk/snippets/desk/person/copy/{ada.pk}/", sent)

    ada.refresh_from_db()
    assert (answer.status_code, ada.name) == (404, "Ada Holm")

"""Everything that is published is for everybody: files on any disk ask nobody for a password.

The CMS lets editors mark a page as private. That changed nothing of what readers get, and said that
it did. A mark of old is told by an alert until somebody publishes the page anew or takes it away.
"""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, PageViewRestriction

from tamizdat.desk import refusing
from tamizdat.lib.alerts import Alert

SAID = "Everything that is published is for everybody. Unpublish what readers should not have."


def refuse(request: HttpRequest, **_of: int) -> HttpResponse:
    """Say that nothing is marked as private here."""
    return refusing.refuse(request, SAID)


def alerts() -> Iterator[Alert]:
    """Yield what to say of each page that is marked as private and is not."""
    numbers = PageViewRestriction.objects.filter(page__live=True, page__depth__gt=1)
    for number in numbers.order_by("page").values_list("page", flat=True).distinct():
        yield Alert(
            f"page-{number}-private",
            f"Page {number} is marked as private at the desk, and readers have it.",
            "Such a mark keeps nobody from a page that is published.",
            f"If readers should have it, publish it again at the desk (pages/{number}/edit/): that "
            f"takes the mark away. If not, unpublish it (pages/{number}/unpublish/).",
        )


def unmark(page: Page) -> None:
    """Take the mark from a page that somebody publishes."""
    PageViewRestriction.objects.filter(page=page.pk).delete()

"""The counter's door for whoever reads a mailbox: may we write to it, or nothing more?

The link is in each of our letters. It holds the address, encrypted: this machine cannot open it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.sealed_forms import sealed_record
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.counter.views import not_found
from tamizdat.readers.mailboxes.mailbox_links import CHOICE, STOP, YES, is_link
from tamizdat.readers.sealing.records import Record


@or_away
def mailbox(request: HttpRequest, language: str, link: str) -> HttpResponse:
    """Show two buttons; pressing one says it. Programs that open every link say nothing.

    It is sealed twice, so that the worker hears of it before the next unlock.
    """
    if language not in settings.NEWSROOM.languages or not is_link(link):
        return not_found(request)
    said = request.POST.get("say")
    if request.method != "POST" or said not in (YES, STOP):
        return page("counter/mailbox.html", language)
    price = admission.refusal(request, CHOICE)
    if price:
        return page("counter/mailbox.html", language, price=price, said=said)
    record = Record(CHOICE, link, language, {"say": said})
    take_in(CHOICE, {"sealed": sealed_record(record, at_once=True)})
    return page("counter/mailbox_done.html", language, said=said)

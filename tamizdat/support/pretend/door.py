"""The pretend bank's own page: "is it you?" It stands where a real bank's page would."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tamizdat.readers.counter.answers import page, wished
from tamizdat.support.pretend.service import NoSuchContributionError
from tamizdat.support.providers.chosen import provider
from tamizdat.support.providers.pretend import Pretend


@csrf_exempt
def question(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask, and send the reader back to where the newsroom wants them."""
    service = provider(settings.NEWSROOM)
    if not isinstance(service, Pretend):
        raise Http404
    try:
        row = service.service.show(ref).row
        if request.method == "POST":
            service.service.answer(ref, yes=request.POST.get("answer") == "yes")
            answer = HttpResponse(status=303)
            answer["Location"] = row["back"]
            return answer
    except NoSuchContributionError as error:
        raise Http404 from error
    return page("till/question.html", wished(request), minor=row["minor"], currency=row["currency"])

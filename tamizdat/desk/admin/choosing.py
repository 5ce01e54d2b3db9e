"""Where a new article or plain page goes: into a language. An editor is asked nothing else."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.models import Page

from tamizdat.lib.newsroom import LANGUAGES


class ChooseLanguage(ChooseParentView):
    """Offer a new page's languages, those in which this editor may write.

    With a single one, Wagtail's own view goes straight on to the form.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parents = list(self.get_valid_parent_pages(request.user).select_related("locale"))
        if len(parents) == 1:
            only: HttpResponse = super().get(request, *args, **kwargs)
            return only
        shown = {
            "what": self.model._meta.verbose_name,  # noqa: SLF001  Django's own name
            "choices": [self._choice(parent) for parent in parents],
        }
        return render(request, "desk/choose_language.html", shown)

    def _choice(self, parent: Page) -> dict[str, str]:
        kind = ContentType.objects.get_for_model(self.model)
        address = reverse("wagtailadmin_pages:add", args=(kind.app_label, kind.model, parent.pk))
        code = parent.locale.language_code
        return {"address": address, "code": code, "name": LANGUAGES.get(code, code)}

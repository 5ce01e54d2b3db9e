"""The form of a row at the desk. Nobody undoes what somebody else saved since it was opened.

A section, a person, a picture or a newsletter has no versions, as pages have
(`pages/edit_conflicts.py`). So its form carries a digest of the row as it was shown. Who sends an
older one is told what stands there now, and keeps what they typed; whoever saves again decides. A
form that names no digest, such as a script's, is saved as it is.
"""

import hashlib
import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.log_actions import registry
from wagtail.snippets.views.snippets import EditView

from tamizdat.desk.forms.moments import when
from tamizdat.desk.refusing import who
from tamizdat.lib import clock

BEGAN = "began_with"  # a hidden field: a digest of the row as the form showed it first
TOLD = "told_of_newer"  # a hidden field: somebody was shown what stands there now
OURS = frozenset({BEGAN, TOLD})
NEWER = (
    "{who} saved this ({when}) after you had opened it. Nothing of yours was saved, and all of it "
    "stands here still. If you save again, yours takes its place. What stands there now:"
)
NOT_THERE = "not there"  # a row of the form that somebody added, or that a colleague deleted
NO_FILE = "The file that you chose was not kept: choose it again."


class OneAfterTheOther:
    """A view of the CMS that edits a row. It stands before the CMS's view."""

    request: HttpRequest
    object: Any

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, with what it began with."""
        form = super().get_form(form_class)  # type: ignore[misc]  # a view's
        return self._with_hidden(form, "" if form.is_bound else digest(form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was typed, unless somebody would lose what they saved."""
        began = request.POST.get(BEGAN)
        if began:
            if not hasattr(self, "object"):
                self.object = self.get_object()  # type: ignore[attr-defined]  # a view's
            now = self._unsent()
            if began != digest(now):
                typed = self._typed(digest(now))
                if theirs := list(differences(now, typed)):
                    self.make_way()
                    return self._refuse(typed, theirs)
            elif TOLD in request.POST:
                self.make_way()
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        return answer

    def make_way(self) -> None:
        """Take out of the row, unsaved, what would hinder the form of somebody who was told."""

    def _unsent(self) -> Any:
        """Return the form as it would be shown now."""
        given = self.get_form_kwargs()  # type: ignore[attr-defined]  # a view's
        given = {name: value for name, value in given.items() if name not in ("data", "files")}
        return self.get_form_class()(**given)  # type: ignore[attr-defined]  # a view's

    def _typed(self, now: str) -> Any:
        """Return the form as it was sent, over what stands there now. A file cannot be kept."""
        sent = self.request.POST.copy()
        sent[BEGAN], sent[TOLD] = now, "on"
        given = self.get_form_kwargs() | {"data": sent, "files": None}  # type: ignore[attr-defined]  # a view's
        return self._with_hidden(self.get_form_class()(**given), now)  # type: ignore[attr-defined]  # a view's

    def _with_hidden(self, form: Any, now: str) -> Any:
        names = [BEGAN] + [TOLD] * (form.is_bound and TOLD in form.data)
        for name in names:
            form.fields[name] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=now if name == BEGAN else "on"
            )
        return form

    def _refuse(self, typed: Any, theirs: list[tuple[str, str]]) -> HttpResponse:
        view: Any = self
        act = registry.get_logs_for_instance(self.object).select_related("user").first()
        said = NEWER.format(
            who=who(act and act.user), when=when(act and act.timestamp, clock.now())
        )
        if view.expects_json_response:
            refused: HttpResponse = view.json_error_response("invalid_revision", said)
            return refused
        typed.is_valid()
        view.form = typed
        rows = format_html_join("", "<li dir=auto>{}: {}</li>", theirs)
        messages.error(self.request, format_html("{}<ul>{}</ul>", said, rows))
        if self.request.FILES:
            messages.warning(self.request, NO_FILE)
        answer: HttpResponse = view.render_to_response(
            view.get_context_data(), status=HTTPStatus.CONFLICT
        )
        return answer


class EditRow(OneAfterTheOther, EditView):
    """The CMS's page that edits a snippet, for two editors."""


def digest(unsent: Any) -> str:
    """Return a digest of all that an unsent form shows: 64 hexadecimal digits of SHA-256."""
    shown = json.dumps(list(_shown(unsent)))
    return hashlib.sha256(shown.encode()).hexdigest()


def differences(unsent: Any, typed: Any) -> Iterator[tuple[str, str]]:
    """Yield what a form would show now and what was typed differs from, each with its label."""
    for name, field in unsent.fields.items():
        if name not in OURS and name in typed.fields and typed[name]._has_changed():  # noqa: SLF001  Django has no other way to ask it of one field
            yield str(unsent[name].label), _in_words(field, _initial(unsent, name))
    for kind, rows in getattr(unsent, "formsets", {}).items():
        sent = {row.instance.pk: row for row in typed.formsets[kind].forms if row.instance.pk}
        for row in rows.forms:
            if row.instance.pk is None:
                continue
            kept = sent.get(row.instance.pk)
            found = differences(row, kept) if kept else _all(row)
            yield from ((f"{row.instance}, {label}", said) for label, said in found)
        there = {row.instance.pk for row in rows.forms} - {None}
        new = (row for row in typed.formsets[kind].forms if row.instance.pk not in there)
        yield from ((str(row.instance), NOT_THERE) for row in new if row.has_changed())


def _all(unsent: Any) -> Iterator[tuple[str, str]]:
    for name, field in unsent.fields.items():
        if not isinstance(field.widget, forms.HiddenInput):
            yield str(unsent[name].label), _in_words(field, _initial(unsent, name))


def _shown(unsent: Any) -> Iterator[tuple[str, str]]:
    for name in unsent.fields:
        if name not in OURS:
            yield name, _plain(_initial(unsent, name))
    for rows in getattr(unsent, "formsets", {}).values():
        for row in rows.forms:
            if row.instance.pk is not None:
                yield rows.prefix, str(row.instance.pk)
                yield from _shown(row)


def _initial(form: Any, name: str) -> Any:
    return form.get_initial_for_field(form.fields[name], name)


def _plain(value: Any) -> str:
    if isinstance(value, FieldFile):
        return value.name or ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set):
        return json.dumps(sorted(_plain(each) for each in value))
    return "" if value is None else str(value)


def _in_words(field: Any, value: Any) -> str:
    """Return a value as somebody who reads it beside a form understands it."""
    if isinstance(value, list | tuple | set):
        return ", ".join(str(each) for each in value) or "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.FileField):
        return "another file"
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return labels.get(str(value), "" if value is None else str(value)) or "—"

"""The form of a row at the desk. Nobody undoes what somebody else saved since it was opened.

A section, a person, a picture, a newsletter or a colleague's account has no versions, as pages have
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
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, QueryDict
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
OF_ACT = "."  # stands in BEGAN before the number of the last act that was noted of the row
SAVED = "{who} saved this ({when}) after you had opened it."
CHANGED = "This was changed after you had opened it."  # and nothing says by whom
NOT_SAVED = (
    "Nothing of yours was saved, and all of it stands here still. If you save again, yours takes "
    "its place. What stands there now:"
)
NOT_THERE = "not there"  # a row of the form that somebody added, or that a colleague deleted
NO_FILE = "The file that you chose was not kept: choose it again."
NO_PASSWORD = "The password that you typed was not kept: type it again."  # noqa: S105  a sentence
FEW = 5  # choices that are named; of more only those that differ
Beside = dict[tuple[str, int], str]  # of what has this label and number: what is chosen there


class OneAfterTheOther:
    """A view of the CMS that edits a row. It stands before the CMS's view."""

    request: HttpRequest
    object: Any
    #: Fields over which nobody is asked.
    unasked: frozenset[str] = frozenset()

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, with what it began with."""
        form = super().get_form(form_class)  # type: ignore[misc]  # a view's
        return self._with_hidden(form, "" if form.is_bound else self._state(form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was typed, unless somebody would lose what they saved.

        The row is held from the question until all is saved: two of the same instant both passed.
        """
        with transaction.atomic():
            self._hold()
            refused = self._refuse_old(request.POST)
            return refused or self._go_on(request, *args, **kwargs)

    def _go_on(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        return answer

    def make_way(self) -> None:
        """Take out of the row, unsaved, what would hinder the form of somebody who was told."""

    def beside(self, *, sent: bool = False) -> Beside:  # noqa: ARG002  for who has something
        """Return what the page edits besides the form, as it stands now or as it was sent."""
        return {}

    def _hold(self) -> None:
        """Let nobody else save the row, and read it as it stands now."""
        view: Any = self
        row = getattr(self, "object", None) or view.get_object()
        held = type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk)  # noqa: SLF001  Django's documented name
        list(held.order_by().values_list("pk"))
        self.object = view.get_object()

    def _refuse_old(self, sent: QueryDict) -> HttpResponse | None:
        """Refuse a form that began before what stands there now, and would change it."""
        began, _, act = sent.get(BEGAN, "").partition(OF_ACT)
        if not began:
            return None
        now = self._unsent()
        if began == self._digest(now):
            if TOLD in sent:
                self.make_way()
            return None
        theirs = [
            *differences(now, self._typed(now, self.request.FILES)),
            *_differences_beside(self.beside(), self.beside(sent=True)),
        ]
        if not theirs:
            return None
        self.make_way()
        return self._refuse(self._typed(now), theirs, act)

    def _unsent(self) -> Any:
        """Return the form as it would be shown now."""
        given = self.get_form_kwargs()  # type: ignore[attr-defined]  # a view's
        given = {name: value for name, value in given.items() if name not in ("data", "files")}
        return self.get_form_class()(**given)  # type: ignore[attr-defined]  # a view's

    def _typed(self, now: Any, files: Any = None) -> Any:
        """Return the form as it was sent, over what stands there now. A file cannot be kept."""
        sent, state = self.request.POST.copy(), self._state(now)
        sent[BEGAN], sent[TOLD] = state, "on"
        given = self.get_form_kwargs() | {"data": sent, "files": files}  # type: ignore[attr-defined]  # a view's
        return self._with_hidden(self.get_form_class()(**given), state)  # type: ignore[attr-defined]  # a view's

    def _with_hidden(self, form: Any, now: str) -> Any:
        names = [BEGAN] + [TOLD] * (form.is_bound and TOLD in form.data)
        for name in names:
            form.fields[name] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=now if name == BEGAN else "on"
            )
        return form

    def _digest(self, unsent: Any) -> str:
        return digest(unsent, self.beside(), self.unasked)

    def _state(self, unsent: Any) -> str:
        """Return the digest of a form, and the number of the last act that was noted of its row."""
        act = self._last_act()
        return f"{self._digest(unsent)}{OF_ACT}{act.pk if act else ''}"

    def _last_act(self) -> Any:
        acts = registry.get_logs_for_instance(self.object)
        return acts.select_related("user").order_by("-timestamp", "-pk").first()

    def _refuse(self, typed: Any, theirs: list[tuple[str, str]], known: str) -> HttpResponse:
        view: Any = self
        said = _changed(self._last_act(), known)
        if view.expects_json_response:
            refused: HttpResponse = view.json_error_response("invalid_revision", said)
            return refused
        typed.is_valid()
        view.form = typed
        rows = format_html_join("", "<li dir=auto>{}: {}</li>", theirs)
        messages.error(self.request, format_html("{}<ul>{}</ul>", said, rows))
        if self.request.FILES:
            messages.warning(self.request, NO_FILE)
        if any(_is_password(typed, name) and self.request.POST.get(name) for name in typed.fields):
            messages.warning(self.request, NO_PASSWORD)
        answer: HttpResponse = view.render_to_response(
            view.get_context_data(), status=HTTPStatus.CONFLICT
        )
        return answer


class EditRow(OneAfterTheOther, EditView):
    """The CMS's page that edits a snippet, for two editors."""


def digest(unsent: Any, beside: Beside | None = None, unasked: frozenset[str] = frozenset()) -> str:
    """Return a digest of all that an unsent form shows: 64 hexadecimal digits of SHA-256."""
    asked = [each for each in _shown(unsent) if each[0] not in unasked]
    shown = json.dumps([*asked, *sorted((beside or {}).items())])
    return hashlib.sha256(shown.encode()).hexdigest()


def differences(unsent: Any, typed: Any) -> Iterator[tuple[str, str]]:
    """Yield what a form would show now and what was typed differs from, each with its label."""
    for name, field in unsent.fields.items():
        if name in OURS or name not in typed.fields or _is_password(unsent, name):
            continue
        if typed[name]._has_changed():  # noqa: SLF001  Django has no other way to ask it of one field
            now = _initial(unsent, name)
            said = _apart(field, now, typed[name].value()) or _in_words(field, now)
            yield str(unsent[name].label), said
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


def _differences_beside(now: Beside, typed: Beside) -> Iterator[tuple[str, str]]:
    for key in {**now, **typed}:
        if now.get(key) != typed.get(key):
            yield key[0], now.get(key, NOT_THERE)


def _changed(act: Any, known: str) -> str:
    """Return who changed a row, if that is known.

    Args:
        act: The last that was noted of the row. What a program changes is noted nowhere.
        known: The number of what was noted last when the form was opened.
    """
    if act is None or str(act.pk) == known:
        return f"{CHANGED} {NOT_SAVED}"
    saved = SAVED.format(who=who(act.user), when=when(act.timestamp, clock.now()))
    return f"{saved} {NOT_SAVED}"


def _is_password(form: Any, name: str) -> bool:
    return isinstance(form.fields[name].widget, forms.PasswordInput)


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


def _apart(field: Any, now: Any, typed: Any) -> str:
    """Return which of many choices are made now and were not sent, or the other way; "" of few."""
    if not isinstance(field, forms.ModelMultipleChoiceField) or len(now or ()) <= FEW:
        return ""
    choices: Any = field.choices
    labels = {str(key): str(label) for key, label in choices}
    there, sent = {_plain(each) for each in now}, {str(each) for each in typed or ()}
    return ", ".join(
        f"{word} “{labels[key]}”"
        for word, keys in (("with", there - sent), ("without", sent - there))
        for key in sorted(keys & labels.keys())
    )


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

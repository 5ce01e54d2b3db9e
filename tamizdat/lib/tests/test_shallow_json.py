"""JSON of strangers is read, or refused with one error, however deep it is."""

import json

import pytest

from tamizdat.lib.shallow_json import DEEPEST, loads


def nested(depth: int, begin: str, end: str) -> str:
    return begin * depth + "1" + end * depth


FORMS = {"lists": ("[", "]"), "objects": ('{"a":', "}")}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("depth", [DEEPEST, 600, 20_000, 100_000])
def test_what_is_deep_is_refused(form: str, depth: int) -> None:
    with pytest.raises(ValueError, match="deep"):
        loads(nested(depth, *FORMS[form]))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_is_read_as_json(form: str) -> None:
    text = nested(DEEPEST - 1, *FORMS[form])
    assert loads(text) == json.loads(text)
    assert loads(text.encode()) == json.loads(text)


@pytest.mark.parametrize("text", ["", "[", "{'a': 1}", b"\xff"])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json's own
        loads(text)

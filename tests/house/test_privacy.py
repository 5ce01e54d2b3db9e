"""Every model of the reader column, and every field of it, answers for what it holds of readers."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models as models_

from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.privacy import contract, fate_tables, seizure
from tamizdat.readers.privacy.contract import ROOMS
from tamizdat.support import call_keys
from tests.house.fates import DOCUMENT

MADE_RANDOM = {"letters.Letter"}  # its ids are made by readers.privacy.order


def models():
    return [model._meta.label for room in ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.parametrize("model", models())
def test_a_model_says_how_it_forgets_a_reader_or_why_it_knows_none(model):
    assert model in contract.accounted_for()


def test_every_excuse_is_for_a_model_that_there_is():
    assert set(contract.excuses()) <= set(models())
    assert all(len(why) > 10 for why in contract.excuses().values())


def fields():
    return [
        pytest.param(label, field.name, field, id=f"{label}.{field.name}")
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for label in [model._meta.label]
        for field in model._meta.concrete_fields
    ]


@pytest.mark.parametrize(("model", "name", "field"), fields())
def test_a_field_has_a_fate(model, name, field):
    fate = contract.fates().get(model, {}).get(name)

    assert fate is not None, f"say in holdings.py what becomes of {model}.{name}"
    if isinstance(field, models_.BinaryField):
        assert fate.kind == "sealed"
    if isinstance(field, models_.DateTimeField):
        assert fate.kind in ("time", "ours")
    if isinstance(field, models_.AutoField) and model not in MADE_RANDOM:
        assert fate.kind != "random", "it counts: say that it tells which came before which"


def test_every_fate_is_of_a_field_that_there_is():
    known = {(param.values[0], param.values[1]) for param in fields()}

    assert {(model, name) for model, said in contract.fates().items() for name in said} <= known


def test_the_document_says_what_the_contract_says():
    document = DOCUMENT.read_text(encoding="utf-8")

    assert fate_tables.put_in(document) == document, "renew it: make fates"


def test_every_key_file_that_is_made_answers_for_itself(tmp_path):
    keys.make(tmp_path / "keys", "a passphrase")
    unattended.rotate(tmp_path / "keys", datetime(2026, 11, 20, 12, tzinfo=UTC))
    call_keys.make(tmp_path / "keys")

    unknown = [
        path for path in (tmp_path / "keys").rglob("*")
        if path.is_file() and not seizure.known(path.relative_to(tmp_path / "keys"))
    ]  # fmt: skip
    assert unknown == []

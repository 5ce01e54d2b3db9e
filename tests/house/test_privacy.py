"""Every model of the reader column answers for what it holds about readers."""

import pytest
from django.apps import apps

from tamizdat.readers import contract

ROOMS = ("readers", "counter", "letters", "support", "till")


def models():
    return [model._meta.label for room in ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.parametrize("model", models())
def test_a_model_says_how_it_forgets_a_reader_or_why_it_knows_none(model):
    assert model in contract.accounted_for()


def test_every_excuse_is_for_a_model_that_there_is():
    assert set(contract.excuses()) <= set(models())
    assert all(len(why) > 10 for why in contract.excuses().values())

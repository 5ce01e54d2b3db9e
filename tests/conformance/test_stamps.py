"""Browser and counter agree on what a stamp is (docs/reference/stamps.md)."""

import json
from datetime import date
from pathlib import Path

import pytest

from tamizdat.readers.counter.stamp import Stamps

EXAMPLES = json.loads(Path(__file__).with_name("stamp.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_counter_judges_a_stamp(example):
    today = date.fromisoformat(example["today"])

    accepted = Stamps().accept(example["stamp"], example["kind"], example["address"], today)

    assert accepted is example["good"]

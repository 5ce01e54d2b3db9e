"""Browser and counter agree on what a proof of work is (docs/reference/proof-of-work.md)."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tamizdat.lib.theme import Theme
from tamizdat.readers.counter.admission.proof_of_work import work
from tests.proofs import Asked, priced

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "proof_of_work.json").read_text(encoding="utf-8"))
ADDRESSES = ["Reader@Example.org ", "ЧИТАТЕЛЬНИЦА@ПРИМЕР.EXAMPLE", "a" * 120 + "@example.org"]
QUOTE = "AAHUwAAAAlhAbcdEfgh-_0123456789abcdefg"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_counter_judges_a_proof(example):
    today = date.fromisoformat(example["today"])

    done = work(example["proof"], example["kind"], example["address"], today)

    assert (done.hashes if done else 0) == example["hashes"]


@pytest.fixture
def in_browser(newsroom, tmp_path, not_run_here):
    """The page's own script, as a reader gets it, run by Node with one form."""
    if shutil.which("node") is None:
        not_run_here("node is missing")
    script = tmp_path / "script.js"
    script.write_text(str(Theme(newsroom).script()), encoding="utf-8")

    def _run(**form):
        done = subprocess.run(
            ["node", str(HERE / "browser.mjs"), str(script)],
            input=json.dumps(form),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    return _run


@pytest.mark.parametrize("address", ADDRESSES, ids=["capitals", "Cyrillic", "long"])
def test_the_browser_makes_the_proof_that_every_page_asks(in_browser, address):
    proof = in_browser(kind="subscribe", address=address)

    done = work(proof, "subscribe", address, datetime.now(UTC).date())
    assert (done.hashes, done.is_priced) == (65_536, False)


@pytest.mark.parametrize("address", ["", *ADDRESSES], ids=["none", "capitals", "Cyrillic", "long"])
def test_the_browser_pays_a_price(in_browser, address):
    proof = in_browser(kind="remind", address=address, price=130_001, quote=QUOTE)
    today = datetime.now(UTC).date()

    done = work(proof, "remind", address, today)
    assert (done.hashes, done.name) == (130_001, QUOTE)
    assert proof == priced(Asked("remind", 130_001, QUOTE), address, today)

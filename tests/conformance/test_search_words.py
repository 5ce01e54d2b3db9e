"""Browser and press cut texts into the same words."""

import json
import subprocess
from pathlib import Path

import pytest

from tamizdat.lib.theme import OURS, script
from tamizdat.press.search import analysis

EXAMPLES = json.loads(Path(__file__).with_name("search.json").read_text(encoding="utf-8"))
BROWSER = """
const [source, examples] = JSON.parse(require("fs").readFileSync(0, "utf8"))
const cutter = new Function("document", source + "; return cutter")({ addEventListener() {} })
console.log(JSON.stringify(examples.map(([rules, text]) => cutter(rules)(text))))
"""


@pytest.fixture(scope="module")
def cut_by_the_browser():
    source = script.lean((OURS / "search.js").read_text(encoding="utf-8"))
    asked = [[analysis.rules(each["language"]), each["text"]] for each in EXAMPLES]
    run = subprocess.run(
        ["node", "-e", BROWSER],
        input=json.dumps([source, asked]),
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(run.stdout)
    return {each["id"]: cut for each, cut in zip(EXAMPLES, found, strict=True)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_press_cuts_words(example):
    assert list(analysis.words(example["text"], example["language"])) == example["words"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_browser_cuts_words(example, cut_by_the_browser):
    assert cut_by_the_browser[example["id"]] == example["words"]

"""Each room says what it is for, and the architecture fits on a few pages."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ["lib", "desk", "press", "readers", "letters", "support", "site", "theme"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room):
    text = (ROOT / "tamizdat" / room / "README.md").read_text(encoding="utf-8")

    assert 5 <= text.count("\n") <= 90


def test_the_architecture_fits_in_two_hundred_lines():
    assert (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").count("\n") <= 200


def test_ci_runs_the_readme_s_own_command():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")

    commands = [
        line for line in script.splitlines() if line and not line.startswith(("#", "set", "cd"))
    ]
    assert commands == ["exec make test"]


@pytest.mark.parametrize("kind", ["tutorial", "howto", "reference", "why", "adr", "spec"])
def test_every_kind_of_documentation_is_there(kind):
    assert list((ROOT / "docs" / kind).glob("*.md"))

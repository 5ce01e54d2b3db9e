"""What begins and what is over between two looks of `tamizdat doctor --watch`.

Each look is a process of its own. It reads the settings and the program as they are then, and one
that hangs is ended and is a finding itself.
"""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tamizdat.site.health.finding import Finding, is_open, wrong

LOOK = "tamizdat doctor"
LONGEST_S = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that begins to hold, or is over."""

    begins: bool
    finding: Finding


def look(folder: Path, role: str | None, before: Sequence[Finding] = ()) -> list[Finding]:
    """Return what is wrong with a newsroom now, as far as is known.

    A look that fails is a finding itself, and ends no other. Nor does a question that was not
    answered, as those that need a database while it is away: what was wrong `before` goes on.
    """
    command = [sys.executable, "-m", "tamizdat.site", "--newsroom", str(folder), "doctor"]
    command += ["--json", *(["--role", role] if role else [])]
    try:
        done = subprocess.run(  # noqa: S603  our own command line
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        said = json.loads(done.stdout)
        found = [Finding(**each) for each in said["findings"]]
        unanswered = set(said["unanswered"])
    except subprocess.TimeoutExpired:
        return _after_failure(f"It did not end within {LONGEST_S} seconds.", before)
    except (ValueError, TypeError, KeyError):
        return _after_failure((done.stderr.strip().splitlines() or [""])[0], before)
    return joined(found, unanswered, before)


def joined(
    found: Sequence[Finding], unanswered: Collection[str], before: Sequence[Finding]
) -> list[Finding]:
    """Return what is wrong after a look: what it found, and what it could not see to be over."""
    now = [each for each in found if not each.well]
    later = _by_subject(now)
    open_ones = (each for each in before if is_open(each.question, unanswered))
    return [*now, *(each for each in open_ones if not _is_among(each, later))]


def changes(before: Sequence[Finding], now: Sequence[Finding]) -> Iterator[Change]:
    """Yield what is over and what begins. One whose numbers alone changed goes on."""
    earlier, later = _by_subject(before), _by_subject(now)
    for each in before:
        if not _is_among(each, later):
            yield Change(begins=False, finding=each)
    for each in now:
        if not _is_among(each, earlier):
            yield Change(begins=True, finding=each)


def _by_subject(findings: Sequence[Finding]) -> dict[str, Finding]:
    """Return findings by what they are about, and by their sentence: an alert takes it over."""
    return {name: each for each in findings for name in (each.about, each.what) if name}


def _is_among(finding: Finding, others: Mapping[str, Finding]) -> bool:
    return finding.what in others or bool(finding.about and finding.about in others)


def _after_failure(why: str, before: Sequence[Finding]) -> list[Finding]:
    failed = wrong("the newsroom could not be looked at", f"Run `{LOOK}` there.", why, about=LOOK)
    return [failed, *(each for each in before if each.about != LOOK)]

"""What an import did: what it found, and what became of each thing."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["carried", "updated", "already_there", "left_out"]
OUTCOMES: tuple[Outcome, ...] = ("carried", "updated", "already_there", "left_out")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an editor should know. `whole` means that nothing of the item was carried."""

    item: str
    why: str
    whole: bool = False


@dataclass(slots=True)
class Report:
    """`found` of a kind is always the sum of its outcomes: nothing disappears between them."""

    source: str = ""
    title: str = ""
    language: str = ""
    counts: dict[str, Counter[Outcome]] = field(default_factory=dict)
    left_out: list[Remark] = field(default_factory=list)
    adjusted: list[Remark] = field(default_factory=list)

    def count(self, kind: str, outcome: Outcome, number: int = 1) -> None:
        self.counts.setdefault(kind, Counter())[outcome] += number

    def leave_out(self, kind: str, item: str, why: str) -> None:
        """Note an item of which nothing was carried."""
        self.count(kind, "left_out")
        self.left_out.append(Remark(item, why, whole=True))

    def remark(self, item: str, left_out: list[str], adjusted: list[str]) -> None:
        """Note what an item lost on its way, and what was carried otherwise than it stood."""
        self.left_out += [Remark(item, why) for why in left_out]
        self.adjusted += [Remark(item, why) for why in adjusted]

    def found(self, kind: str) -> int:
        return self.counts[kind].total()

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain data, for JSON."""
        return {
            "source": self.source,
            "title": self.title,
            "language": self.language,
            "counts": {
                kind: {"found": self.found(kind), **{name: many[name] for name in OUTCOMES}}
                for kind, many in sorted(self.counts.items())
            },
            "left_out": [_as_data(remark) for remark in self.left_out],
            "adjusted": [_as_data(remark) for remark in self.adjusted],
        }

    def as_text(self) -> str:
        """Return the report for a terminal: counts, then each reason once with its items."""
        lines = [f"{self.title or self.source}: what became of it", ""]
        head = ("", "found", "carried", "updated", "already there", "left out")
        rows = [head, *(self._row(kind) for kind in sorted(self.counts))]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines += [_line(row, widths) for row in rows]
        lines += _reasons("Left out", self.left_out)
        lines += _reasons("Carried otherwise than it stood", self.adjusted)
        return "\n".join(lines)

    def _row(self, kind: str) -> tuple[str, ...]:
        many = self.counts[kind]
        return (kind, str(self.found(kind)), *(str(many[name]) for name in OUTCOMES))


def _as_data(remark: Remark) -> dict[str, Any]:
    return {"item": remark.item, "why": remark.why, "whole": remark.whole}


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = (
        text.ljust(width) if place == 0 else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "   ".join([first, *rest])


def _reasons(title: str, remarks: list[Remark]) -> list[str]:
    """Return each reason once, with what it concerns: "12 comments (post 7): not carried"."""
    if not remarks:
        return []
    items: dict[str, list[str]] = {}
    for remark in remarks:
        what, _, why = ("", "", remark.why) if remark.whole else remark.why.rpartition(": ")
        items.setdefault(why, []).append(f"{what} ({remark.item})" if what else remark.item)
    told = [f"  {why}\n    {_some(names)}" for why, names in items.items()]
    return ["", f"{title}:", *told]


def _some(names: list[str], most: int = 3) -> str:
    rest = len(names) - most
    return "; ".join(names[:most]) + (f"; and {rest} more" if rest > 0 else "")

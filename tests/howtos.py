"""The commands and settings of a howto, taken out of its text to be run as they stand there.

The first line of each block says where it belongs: `# at till.internal, as root`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

FOLDER = Path(__file__).parents[1] / "docs/howto"
PART = re.compile(r"^(?:(\d+)\. |## (.+)$)", re.MULTILINE)
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
WHERE = re.compile(r"(?:#|--) (?:(?P<file>\S+) )?at (?P<machine>[a-z.]+)")
OTHERS = re.compile(r"steps (\d+) to (\d+) of \[[^]]*\]\((\S+)\.md\)")


@dataclass(frozen=True)
class Block:
    """What somebody types at a machine, or writes into a file there."""

    kind: str  # "sh", "sql", "toml"
    machine: str
    file: str  # "" for commands
    text: str


def parts(howto: str) -> dict[str, str]:
    """Return the text of each numbered step ("1") and of each section, by its heading."""
    text = (FOLDER / f"{howto}.md").read_text(encoding="utf-8")
    begun = list(PART.finditer(text))
    ends = [each.start() for each in begun[1:]] + [len(text)]
    return {
        each[1] or each[2]: text[each.start() : end] for each, end in zip(begun, ends, strict=True)
    }


def blocks(text: str) -> list[Block]:
    """Return the blocks of a part of a howto."""
    return [_block(found[2], dedent(found[3])) for found in BLOCK.finditer(text)]


def steps(howto: str, first: int = 1, last: int = 99) -> Iterator[Block]:
    """Yield the blocks of these steps, and in their place those of steps that they lead to."""
    for name, text in parts(howto).items():
        if name.isdigit() and first <= int(name) <= last:
            yield from blocks(text)
            for start, end, other in OTHERS.findall(text):
                yield from steps(other, int(start), int(end))


def _block(kind: str, text: str) -> Block:
    line, _, rest = text.partition("\n")
    found = WHERE.match(line)
    assert found, f"this block does not say where it belongs: {line}"
    return Block(kind, found["machine"], found["file"] or "", rest)

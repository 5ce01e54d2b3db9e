"""Decode one picture in a process of its own: `python -m tamizdat.lib.pictures.process`.

The picture comes in by standard input and what was made of it goes out by standard output. The
kernel ends this process, or refuses it memory, when a file asks for too much. It decodes one
picture and ends: nothing of it can reach the next one.

The request is a line with the job's name, then the file. The answer is a line of JSON, then the
files that were made, one after the other. It holds either `refused`, a sentence for the sender, or
`made`: a list with form, width, height, colour and length in bytes of each file.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from tamizdat.lib.pictures import costs, drawing
from tamizdat.lib.pictures.values import MOST_ANSWER, Clean, PictureError

MEMORY = costs.MOST_MEMORY  # bytes of data: heap, stacks and private maps
CPU_S = 12
ADDRESSES = 2_000_000_000  # bytes of address space, of which threads reserve more than they use
LIMITS = {
    resource.RLIMIT_DATA: MEMORY,
    resource.RLIMIT_AS: ADDRESSES,
    resource.RLIMIT_CPU: CPU_S,
    resource.RLIMIT_FSIZE: MOST_ANSWER,
    resource.RLIMIT_CORE: 0,
}
Made = tuple[dict[str, Any], bytes]


def main() -> None:
    """Do the one job."""
    for which, limit in LIMITS.items():
        resource.setrlimit(which, (limit, limit))
    job = sys.stdin.buffer.readline().strip().decode("ascii")
    data = sys.stdin.buffer.read()
    try:
        _answer(sys.stdout.buffer, list(JOBS[job](data)))
    except PictureError as error:
        sys.stdout.buffer.write(json.dumps({"refused": str(error)}).encode() + b"\n")


def _clean(data: bytes) -> Iterator[Made]:
    yield _told(drawing.clean(data))


def _reopen(data: bytes) -> Iterator[Made]:
    yield _told(drawing.reopen(data))


def _renditions(data: bytes) -> Iterator[Made]:
    for form, width, height, drawn in drawing.renditions(data):
        yield {"form": form, "width": width, "height": height}, drawn


def _told(picture: Clean) -> Made:
    about = {"form": picture.form, "colour": picture.colour}
    return about | {"width": picture.width, "height": picture.height}, picture.data


def _answer(out: BinaryIO, made: list[Made]) -> None:
    told = [about | {"length": len(data)} for about, data in made]
    out.write(json.dumps({"made": told}).encode() + b"\n")
    out.writelines(data for _, data in made)


JOBS = {"clean": _clean, "reopen": _reopen, "renditions": _renditions}

if __name__ == "__main__":
    main()

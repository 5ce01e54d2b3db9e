"""The manifest: which files an edition has, and the SHA-256 of each.

It is cut into bins by the first byte of the SHA-256 of a path, so that publishing one article
rewrites a handful of small files and never a list of the whole archive (promise P3). Every
file of an edition stands in exactly one bin, every bin in `edition/manifest.json`, and that
one file stands for them all: it is what signatures will cover.

No input or output here: bytes in, bytes out.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

FORMAT = 1
INDEX = "edition/manifest.json"
BINS = "edition/manifest/"
BETWEEN = b'},"'  # two files of a bin
# What JSON escapes, or puts before the quotation mark that ends a path: with them the order of a
# bin's bytes is not that of its paths.
ODD = (b"\\", b" ", b"!", b'},":')  # the last is a path that ends as if it were two files


class ManifestError(Exception):
    """The bytes are no manifest of ours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a manifest says of one file; `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Index:
    """The edition's number, when it was published (UTC), and its bins by name."""

    number: int
    published: str
    bins: Mapping[str, Entry]


EMPTY = Index(number=0, published="", bins={})


def entry(content: bytes) -> Entry:
    """Return what a manifest says of a file with this content."""
    return Entry(sha256(content).hexdigest(), len(content))


def bin_of(path: str) -> str:
    """Return the name of the bin that a path stands in, "00" to "ff"."""
    return sha256(path.encode()).hexdigest()[:2]


def bin_path(name: str) -> str:
    """Return where a bin stands in the edition."""
    return f"{BINS}{name}.json"


def is_own(path: str) -> bool:
    """Say whether a path is the manifest's own: those are never listed in a bin."""
    return path == INDEX or path.startswith(BINS)


def read_index(raw: bytes) -> Index:
    """Return the index that these bytes hold.

    Raises:
        ManifestError: they hold none, or one of a later format.
    """
    try:
        said = json.loads(raw)
        if said["format"] != FORMAT:
            raise ManifestError(f"a manifest of format {said['format']}, we read {FORMAT}")
        bins = {name: _entry(of) for name, of in said["bins"].items()}
        return Index(int(said["number"]), str(said["published"]), bins)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError("the bytes are no index of a manifest") from error


def read_bin(raw: bytes) -> dict[str, Entry]:
    """Return the files that a bin lists, by path.

    Raises:
        ManifestError: the bytes are no bin.
    """
    try:
        return {path: _entry(of) for path, of in json.loads(raw).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError("the bytes are no bin of a manifest") from error


def revise(
    read: Callable[[str], bytes | None],
    written: Mapping[str, Entry],
    removed: Iterable[str],
    number: int,
    published: datetime,
) -> dict[str, bytes | None]:
    """Return the manifest's own files that change with an edition; None: the file goes.

    Only the bins of changed paths are read and written. An emptied bin goes, so that equal
    editions have equal manifests whatever led to them.

    Raises:
        ManifestError: one of those files is not what it must be.

    Args:
        read: Gives the bytes of a file of the edition before, None if it had none.
        written: What is new or different.
        removed: What is no longer there; paths that never were are no mistake.
        number: Of the new edition.
        published: When (UTC).
    """
    bins = dict(_index(read).bins)
    files: dict[str, bytes | None] = {}
    for name, changes in _by_bin(written, removed).items():
        known = bins.pop(name, None)
        before = read(bin_path(name)) if known else None
        if known and (before is None or known != entry(before)):
            raise ManifestError(f"bin {name} is not the one that the index lists")
        if before is not None and _are_plain(before, changes):
            raw = _spliced(before, changes)
        else:
            raw = _revised_bin(before, changes)
        files[bin_path(name)] = raw
        if raw is not None:
            bins[name] = entry(raw)
    files[INDEX] = _canonical(
        {
            "format": FORMAT,
            "number": number,
            "published": f"{published:%Y-%m-%dT%H:%M:%SZ}",
            "bins": {name: _said(of) for name, of in bins.items()},
        }
    )
    return files


def _index(read: Callable[[str], bytes | None]) -> Index:
    raw = read(INDEX)
    return EMPTY if raw is None else read_index(raw)


def _by_bin(
    written: Mapping[str, Entry], removed: Iterable[str]
) -> dict[str, dict[str, Entry | None]]:
    changes: dict[str, dict[str, Entry | None]] = {}
    for path in removed:
        changes.setdefault(bin_of(path), {})[path] = None
    for path, of in written.items():
        changes.setdefault(bin_of(path), {})[path] = of
    return changes


def _revised_bin(raw: bytes | None, changes: Mapping[str, Entry | None]) -> bytes | None:
    """Return a bin with changes; what it says of other files is handed on as it stands."""
    said = {} if raw is None else _read_object(raw)
    for path, of in changes.items():
        said.pop(path, None)
        if of is not None:
            said[path] = _said(of)
    return _canonical(said) if said else None


def _spliced(raw: bytes, changes: Mapping[str, Entry | None]) -> bytes | None:
    """Return the same for a bin as we wrote it, whose paths are plain, without reading it as JSON.

    A publication with a hundred pages touches as many bins, of hundreds of files each: to read and
    to write them took a fifth of its time.
    """
    said = raw[len(b'{"') : -len(b"}}\n")].split(BETWEEN)
    for path, of in changes.items():
        name = json.dumps(path)[1:].encode() + b":{"
        place = bisect_left(said, name)
        if place < len(said) and said[place].startswith(name):
            del said[place]
        if of is not None:
            said.insert(place, name + _canonical(_said(of))[len(b"{") : -len(b"}\n")])
    return b'{"%b}}\n' % BETWEEN.join(said) if said else None


def _are_plain(raw: bytes, changes: Iterable[str]) -> bool:
    """Say whether the bytes of a bin are in the order of its paths, also with these."""
    said = (raw, *(json.dumps(one).encode() + b":" for one in changes))
    return not any(odd in one for one in said for odd in ODD)


def _read_object(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError as error:
        raise ManifestError("the bytes are no bin of a manifest") from error
    if not isinstance(said, dict):
        raise ManifestError("the bytes are no bin of a manifest")
    return said


def _entry(said: Mapping[str, Any]) -> Entry:
    return Entry(str(said["sha256"]), int(said["size"]))


def _said(of: Entry) -> dict[str, Any]:
    return {"sha256": of.sha256, "size": of.size}


def _canonical(value: Any) -> bytes:
    """Return JSON of which there is only one for a value: sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"

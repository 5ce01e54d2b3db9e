"""The bytes of every file in a copy, whatever lies in them."""

from collections.abc import Iterator
from pathlib import Path

PAGE, SHORT, LONG = 8192, 24, 40  # of PostgreSQL's write-ahead log: a page, its two headers


def files(copy: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file's name and bytes. A write-ahead log comes without its page headers, too."""
    seen: set[bytes] = set()
    for path in sorted(copy.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        raw = path.read_bytes()
        name = str(path.relative_to(copy))
        yield name, _new_pages(raw, seen) if "cluster" in path.parts else raw
        if path.parent.name == "pg_wal":
            yield f"{name} (joined)", _joined(raw)


def _new_pages(raw: bytes, seen: set[bytes]) -> bytes:
    """Return those pages of a database that no other has: most of PostgreSQL's are copies."""
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    fresh = [page for page in dict.fromkeys(pages) if page not in seen]
    seen |= set(fresh)
    return b"".join(fresh)


def _joined(raw: bytes) -> bytes:
    starts = range(0, len(raw), PAGE)
    return b"".join(raw[at + (SHORT if at else LONG) : at + PAGE] for at in starts)

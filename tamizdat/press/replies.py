"""What the edition's front answers: RFC 9110 as far as files need it, and not a word more."""

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from tamizdat.press.descriptors import BusyError
from tamizdat.press.memory import Memory, safe
from tamizdat.press.served import File, Form

# The pages bring a stricter policy of their own, which holds on every mirror.
POLICY = (
    "default-src 'self' data: 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("access-control-allow-origin", "*"),  # verifiers read any copy from anywhere
    ("content-security-policy", POLICY),
)
LASTING = "public, max-age=31536000, immutable"
FRESH = "no-cache"  # kept, but asked about each time: 304 costs next to nothing
INDEX = "index.html"
NOT_FOUND = "404.html"
LONGEST_ACCEPTED = 200  # characters; no browser says more
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")  # int() refuses 5000 digits

Headers = list[tuple[str, str]]


class Asked(Protocol):
    """The headers of a request, by their lower-case names."""

    def get(self, name: str, /) -> str | None:
        """Return a header's value, None if it was not sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of an open file from `first` up to `end`, which is no longer of it."""

    file: File
    first: int
    end: int

    def hand(self) -> int:
        """Return the file's descriptor, which the server opens within a moment."""
        assert self.file.descriptor is not None
        self.file.handed = time.monotonic()
        return self.file.descriptor


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers, and the body (b"" to HEAD, for 304, or if `part` is given)."""

    status: int
    headers: Headers
    body: bytes = b""
    part: Part | None = None


def reply(memory: Memory, method: str, path: str, asked: Asked) -> Reply:
    """Return the answer to a request.

    Args:
        memory: The edition.
        method: Of HTTP.
        path: Decoded, starting with a slash, without a query.
        asked: The request's headers by their lower-case names.
    """
    if method not in ("GET", "HEAD"):
        return _plain(405, "Only reading is possible here.", [("allow", "GET, HEAD")])
    try:
        answer = _found(memory, path.removeprefix("/"), asked)
    except BusyError:
        answer = _plain(503, "Too many ask for this at once.", [("retry-after", "5")])
    if method == "HEAD":
        return Reply(answer.status, answer.headers)
    return answer


def _found(memory: Memory, path: str, asked: Asked) -> Reply:
    target = path + INDEX if path == "" or path.endswith("/") else path
    file = memory.file(target)
    if file is not None:
        return _file(file, asked)
    if memory.is_folder(target):
        name = target.rsplit("/", 1)[-1]
        return _plain(308, "It is a folder.", [("location", f"./{quote(name)}/")])
    return _not_found(memory, path, asked)


def _file(file: File, asked: Asked) -> Reply:
    ranged = asked.get("range")
    form = file.form("identity" if ranged else _coding(file, asked))
    if not form.headers:
        form.headers = [*_headers(file, form), *_about(form, file)]
    known = asked.get("if-none-match")
    if known is not None and _is_known(file, form, known):
        return Reply(304, _headers(file, form))
    if ranged:
        return _range(file, form, ranged, asked.get("if-range"))
    return Reply(200, form.headers, form.body or b"", _part(file, form, 0, file.size))


def _headers(file: File, form: Form) -> Headers:
    """Return what stands in every answer about a file, with its bytes or without them."""
    return [
        ("cache-control", LASTING if file.path.startswith("pictures/") else FRESH),
        ("etag", form.etag),
        ("accept-ranges", "bytes"),
        *_vary(file),
        *ALWAYS,
    ]


def _about(form: Form, file: File) -> Headers:
    """Return what stands only where the bytes are."""
    size = file.size if form.body is None else len(form.body)
    coded = [] if form.coding == "identity" else [("content-encoding", form.coding)]
    return [("content-type", file.type), *coded, ("content-length", str(size))]


def _part(file: File, form: Form, first: int, end: int) -> Part | None:
    """Return the part of the disk to send, None where the bytes are in memory."""
    if form.body is not None or file.descriptor is None:
        return None
    return Part(file, first, end)


def _range(file: File, form: Form, ranged: str, unless: str | None) -> Reply:
    """Answer a request for one range (RFC 9110, 14.2); what is not understood gets the whole."""
    wanted = _RANGE.match(ranged.strip())
    if wanted is None or unless not in (None, form.etag) or wanted[0] == "bytes=-":
        return Reply(200, form.headers, form.body or b"", _part(file, form, 0, file.size))
    first, last = _bounds(wanted[1], wanted[2], file.size)
    headers = [*_headers(file, form), ("content-type", file.type)]
    if first > last:
        return _whole(416, [*headers, ("content-range", f"bytes */{file.size}")], b"")
    headers.append(("content-range", f"bytes {first}-{last}/{file.size}"))
    headers.append(("content-length", str(last + 1 - first)))
    part = _part(file, form, first, last + 1)
    return Reply(206, headers, b"" if part else file.content[first : last + 1], part)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _not_found(memory: Memory, path: str, asked: Asked) -> Reply:
    """Answer with the page of the language that was asked in, else of the first."""
    if memory.is_empty:
        return _plain(503, "Nothing has been published here yet.", [("retry-after", "60")])
    language = path.split("/", 1)[0]
    own = memory.file(f"{language}/{NOT_FOUND}") if safe(language) else None
    page = own or memory.file(NOT_FOUND)
    if page is None:
        return _plain(404, "There is no such page.")
    form = page.form(_coding(page, asked))
    headers = [("cache-control", FRESH), *_vary(page), *ALWAYS, *_about(form, page)]
    return Reply(404, headers, form.body or b"", _part(page, form, 0, page.size))


def _coding(file: File, asked: Asked) -> str:
    """Return the content coding to answer in; a range is always one of the plain bytes."""
    accepted = asked.get("accept-encoding") if file.packable else None
    return _best(accepted[:LONGEST_ACCEPTED]) if accepted else "identity"


@lru_cache(256)  # browsers say few different things
def _best(accepted: str) -> str:
    names = {_name(one) for one in accepted.lower().split(",")}
    return next((coding for coding in ("br", "gzip") if coding in names), "identity")


def _name(accepted: str) -> str:
    """Return the coding's name, "" if it is refused by a weight of nothing ("br;q=0")."""
    name, _, weight = accepted.partition(";")
    refused = re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return "" if refused else name.strip()


def _is_known(file: File, form: Form, known: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2): a proxy may have weakened what we sent."""
    listed = {one.strip().removeprefix("W/") for one in known.split(",")}
    return "*" in listed or file.is_known(listed, form)


def _vary(file: File) -> Headers:
    return [("vary", "accept-encoding")] if file.packable else []


def _plain(status: int, text: str, headers: Headers | None = None) -> Reply:
    said = [("content-type", "text/plain; charset=utf-8"), ("cache-control", FRESH)]
    return _whole(status, [*said, *(headers or []), *ALWAYS], f"{text}\n".encode())


def _whole(status: int, headers: Headers, body: bytes) -> Reply:
    return Reply(status, [*headers, ("content-length", str(len(body)))], body)

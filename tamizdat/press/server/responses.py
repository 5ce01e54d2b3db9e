"""What the edition's front answers: RFC 9110 as far as files need it, and not a word more."""

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from tamizdat.press.server.file_cache import FileCache, safe
from tamizdat.press.server.open_files import BusyError
from tamizdat.press.server.representation import File, Representation

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


class Request(Protocol):
    """The headers of a request, by their lower-case names."""

    def get(self, name: str, /) -> str | None:
        """Return a header's value, None if it was not sent."""


@dataclass(frozen=True, slots=True)
class FileRange:
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
class Response:
    """An answer: status, headers, and the body (b"" to HEAD, for 304, or if `part` is given)."""

    status: int
    headers: Headers
    body: bytes = b""
    part: FileRange | None = None


def respond(file_cache: FileCache, method: str, path: str, request: Request) -> Response:
    """Return the answer to a request.

    Args:
        file_cache: The edition.
        method: Of HTTP.
        path: Decoded, starting with a slash, without a query.
        request: The request's headers by their lower-case names.
    """
    if method not in ("GET", "HEAD"):
        return _plain(405, "Only reading is possible here.", [("allow", "GET, HEAD")])
    try:
        answer = _found(file_cache, path.removeprefix("/"), request)
    except BusyError:
        answer = _plain(503, "Too many ask for this at once.", [("retry-after", "5")])
    if method == "HEAD":
        return Response(answer.status, answer.headers)
    return answer


def _found(file_cache: FileCache, path: str, request: Request) -> Response:
    target = path + INDEX if path == "" or path.endswith("/") else path
    file = file_cache.file(target)
    if file is not None:
        return _file(file, request)
    if file_cache.is_folder(target):
        name = target.rsplit("/", 1)[-1]
        return _plain(308, "It is a folder.", [("location", f"./{quote(name)}/")])
    return _not_found(file_cache, path, request)


def _file(file: File, request: Request) -> Response:
    ranged = request.get("range")
    representation = file.representation("identity" if ranged else _coding(file, request))
    if not representation.headers:
        representation.headers = [*_headers(file, representation), *_about(representation, file)]
    known = request.get("if-none-match")
    if known is not None and _is_known(file, representation, known):
        return Response(304, _headers(file, representation))
    if ranged:
        return _range(file, representation, ranged, request.get("if-range"))
    return Response(
        200,
        representation.headers,
        representation.body or b"",
        _part(file, representation, 0, file.size),
    )


def _headers(file: File, representation: Representation) -> Headers:
    """Return what stands in every answer about a file, with its bytes or without them."""
    return [
        ("cache-control", LASTING if file.path.startswith("pictures/") else FRESH),
        ("etag", representation.etag),
        ("accept-ranges", "bytes"),
        *_vary(file),
        *ALWAYS,
    ]


def _about(representation: Representation, file: File) -> Headers:
    """Return what stands only where the bytes are."""
    size = file.size if representation.body is None else len(representation.body)
    coded = (
        [] if representation.coding == "identity" else [("content-encoding", representation.coding)]
    )
    return [("content-type", file.type), *coded, ("content-length", str(size))]


def _part(file: File, representation: Representation, first: int, end: int) -> FileRange | None:
    """Return the part of the disk to send, None where the bytes are in memory."""
    if representation.body is not None or file.descriptor is None:
        return None
    return FileRange(file, first, end)


def _range(file: File, representation: Representation, ranged: str, unless: str | None) -> Response:
    """Answer a request for one range (RFC 9110, 14.2); what is not understood gets the whole."""
    wanted = _RANGE.match(ranged.strip())
    if wanted is None or unless not in (None, representation.etag) or wanted[0] == "bytes=-":
        return Response(
            200,
            representation.headers,
            representation.body or b"",
            _part(file, representation, 0, file.size),
        )
    first, last = _bounds(wanted[1], wanted[2], file.size)
    headers = [*_headers(file, representation), ("content-type", file.type)]
    if first > last:
        return _whole(416, [*headers, ("content-range", f"bytes */{file.size}")], b"")
    headers.append(("content-range", f"bytes {first}-{last}/{file.size}"))
    headers.append(("content-length", str(last + 1 - first)))
    part = _part(file, representation, first, last + 1)
    return Response(206, headers, b"" if part else file.content[first : last + 1], part)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _not_found(file_cache: FileCache, path: str, request: Request) -> Response:
    """Answer with the page of the language that was asked in, else of the first."""
    if file_cache.is_empty:
        return _plain(503, "Nothing has been published here yet.", [("retry-after", "60")])
    language = path.split("/", 1)[0]
    own = file_cache.file(f"{language}/{NOT_FOUND}") if safe(language) else None
    page = own or file_cache.file(NOT_FOUND)
    if page is None:
        return _plain(404, "There is no such page.")
    representation = page.representation(_coding(page, request))
    headers = [("cache-control", FRESH), *_vary(page), *ALWAYS, *_about(representation, page)]
    return Response(
        404, headers, representation.body or b"", _part(page, representation, 0, page.size)
    )


def _coding(file: File, request: Request) -> str:
    """Return the content coding to answer in; a range is always one of the plain bytes."""
    accepted = request.get("accept-encoding") if file.compressible else None
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


def _is_known(file: File, representation: Representation, known: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2): a proxy may have weakened what we sent."""
    listed = {one.strip().removeprefix("W/") for one in known.split(",")}
    return "*" in listed or file.is_known(listed, representation)


def _vary(file: File) -> Headers:
    return [("vary", "accept-encoding")] if file.compressible else []


def _plain(status: int, text: str, headers: Headers | None = None) -> Response:
    said = [("content-type", "text/plain; charset=utf-8"), ("cache-control", FRESH)]
    return _whole(status, [*said, *(headers or []), *ALWAYS], f"{text}\n".encode())


def _whole(status: int, headers: Headers, body: bytes) -> Response:
    return Response(status, [*headers, ("content-length", str(len(body)))], body)

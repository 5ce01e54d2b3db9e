"""What the edition's front answers: RFC 9110 as far as files need it, and not a word more."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tamizdat.press.memory import File, Memory, safe

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
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")  # int() refuses 5000 digits

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers, and the body ("" to HEAD and for 304)."""

    status: int
    headers: Headers
    body: bytes = b""


def reply(memory: Memory, method: str, path: str, asked: Mapping[str, str]) -> Reply:
    """Return the answer to a request.

    Args:
        memory: The edition.
        method: Of HTTP.
        path: Decoded, starting with a slash, without a query.
        asked: The request's headers by their lower-case names.
    """
    if method not in ("GET", "HEAD"):
        return _plain(405, "Only reading is possible here.", [("allow", "GET, HEAD")])
    answer = _found(memory, path.removeprefix("/"), asked)
    if method == "HEAD":
        return Reply(answer.status, answer.headers)
    return answer


def _found(memory: Memory, path: str, asked: Mapping[str, str]) -> Reply:
    target = path + INDEX if path == "" or path.endswith("/") else path
    if not safe(target):
        return _not_found(memory, path, asked)
    file = memory.file(target)
    if file is not None:
        return _file(file, target, asked)
    if memory.is_folder(target):
        name = target.rsplit("/", 1)[-1]
        return _plain(308, "It is a folder.", [("location", f"./{quote(name)}/")])
    return _not_found(memory, path, asked)


def _file(file: File, path: str, asked: Mapping[str, str]) -> Reply:
    coding = _coding(file, asked)
    etag = f'"{file.etag}"' if coding == "identity" else f'"{file.etag}-{coding}"'
    headers = [
        ("cache-control", LASTING if path.startswith("pictures/") else FRESH),
        ("etag", etag),
        ("accept-ranges", "bytes"),
        *_vary(file),
        *ALWAYS,
    ]
    if _is_known(etag, asked.get("if-none-match", "")):
        return Reply(304, headers)
    headers.append(("content-type", file.type))
    if coding != "identity":
        headers.append(("content-encoding", coding))
        return _whole(200, headers, file.packed(coding))
    return _range(file, headers, asked, etag)


def _range(file: File, headers: Headers, asked: Mapping[str, str], etag: str) -> Reply:
    """Answer a request for one range (RFC 9110, 14.2); what is not understood gets the whole."""
    size = len(file.content)
    wanted = _RANGE.match(asked.get("range", "").strip())
    if wanted is None or asked.get("if-range", etag) != etag or wanted[0] == "bytes=-":
        return _whole(200, headers, file.content)
    first, last = _bounds(wanted[1], wanted[2], size)
    if first > last:
        return _whole(416, [*headers, ("content-range", f"bytes */{size}")], b"")
    headers = [*headers, ("content-range", f"bytes {first}-{last}/{size}")]
    return _whole(206, headers, file.content[first : last + 1])


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _not_found(memory: Memory, path: str, asked: Mapping[str, str]) -> Reply:
    """Answer with the page of the language that was asked in, else of the first."""
    if memory.is_empty:
        return _plain(503, "Nothing has been published here yet.", [("retry-after", "60")])
    language = path.split("/", 1)[0]
    own = memory.file(f"{language}/{NOT_FOUND}") if safe(language) else None
    page = own or memory.file(NOT_FOUND)
    if page is None:
        return _plain(404, "There is no such page.")
    coding = _coding(page, {**asked, "range": ""})
    headers = [("cache-control", FRESH), ("content-type", page.type), *_vary(page), *ALWAYS]
    if coding != "identity":
        headers.append(("content-encoding", coding))
    return _whole(404, headers, page.packed(coding))


def _coding(file: File, asked: Mapping[str, str]) -> str:
    """Return the content coding to answer in. A range is always one of the plain bytes."""
    if not file.packable or asked.get("range"):
        return "identity"
    accepted = {_name(one) for one in asked.get("accept-encoding", "").lower().split(",")}
    return next((coding for coding in ("br", "gzip") if coding in accepted), "identity")


def _name(accepted: str) -> str:
    """Return the coding's name, "" if it is refused by a weight of nothing ("br;q=0")."""
    name, _, weight = accepted.partition(";")
    refused = re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return "" if refused else name.strip()


def _is_known(etag: str, known: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2): a proxy may have weakened what we sent."""
    listed = {one.strip().removeprefix("W/") for one in known.split(",")}
    return etag in listed or "*" in listed


def _vary(file: File) -> Headers:
    return [("vary", "accept-encoding")] if file.packable else []


def _plain(status: int, text: str, headers: Headers | None = None) -> Reply:
    said = [("content-type", "text/plain; charset=utf-8"), ("cache-control", FRESH)]
    return _whole(status, [*said, *(headers or []), *ALWAYS], f"{text}\n".encode())


def _whole(status: int, headers: Headers, body: bytes) -> Reply:
    return Reply(status, [*headers, ("content-length", str(len(body)))], body)

"""Turn WordPress's shortcodes into HTML: `[caption]`, `[gallery]`, `[embed]`, `[audio]`, `[video]`.

A word in brackets is not yet a shortcode: "[sic]" stays. One that we do not know is taken
for one if it has attributes or an end, loses its brackets, keeps its content, and is noted.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tamizdat.desk.importing.html.pieces import Notes

_CODE = re.compile(r"\[(\[?)(/?)([a-zA-Z][a-zA-Z0-9_-]{0,40})((?:\s[^\[\]<>]{0,2000})?)(/?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_IMAGE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(pre|code)\b[^<>]{0,5000}>|<[a-zA-Z!/][^<>]{0,5000}>", re.IGNORECASE)
_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv")

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Code:
    start: int
    end: int
    name: str
    attributes: Attributes
    closes: bool
    alone: bool  # written [so /]


def expand(content: str, notes: Notes) -> str:
    """Return the content with its shortcodes turned into HTML."""
    codes = list(_codes(content))
    ends = _ends(codes)
    out: list[str] = []
    at = 0
    for place, code in enumerate(codes):
        if code.start < at:
            continue
        end = codes[ends[place]] if place in ends else None
        made = _make(content, code, end, notes)
        if made is None:
            continue
        text, through = made
        out += [content[at : code.start], text]
        at = through
    return _unescape("".join(out) + content[at:])


def _codes(content: str) -> Iterator[_Code]:
    opaque = list(_opaque(content))
    closest = 0
    for found in _CODE.finditer(content):
        while closest < len(opaque) and opaque[closest][1] <= found.start():
            closest += 1
        in_tag = closest < len(opaque) and opaque[closest][0] < found.start()
        if in_tag or (found[1] and found[6]):
            continue
        start, end = found.start() + len(found[1]), found.end() - len(found[6])
        alone = bool(found[5]) or found[4].rstrip().endswith("/")
        yield _Code(start, end, found[3].lower(), _attributes(found[4]), bool(found[2]), alone)


def _opaque(content: str) -> Iterator[tuple[int, int]]:
    """Yield where brackets mean nothing: inside tags, and in what shows code."""
    name, start = "", 0
    for tag in _TAG.finditer(content):
        if name and tag[1] and tag[2].lower() == name:
            yield start, tag.end()
            name = ""
        elif not name and tag[2] and not tag[1] and f"</{tag[2]}" in content[tag.end() :]:
            name, start = tag[2].lower(), tag.start()
        elif not name:
            yield tag.span()


def _ends(codes: list[_Code]) -> dict[int, int]:
    """Return which code closes which: the nearest open one of its name."""
    opened: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for place, code in enumerate(codes):
        if not code.closes:
            opened.setdefault(code.name, []).append(place)
        elif waiting := opened.get(code.name):
            ends[waiting.pop()] = place
    return ends


def _make(content: str, code: _Code, end: _Code | None, notes: Notes) -> tuple[str, int] | None:
    """Return what stands for a code and where it is over; None leaves it as text."""
    known = _KNOWN.get(code.name)
    if known and not code.closes:
        inner = content[code.end : end.start] if end else ""
        made = known(code.attributes, inner)
        return (made, end.end if end else code.end) if made else None
    if not (code.attributes or code.alone or code.closes or end):
        return None
    if code.closes and code.name in _KNOWN:
        return "", code.end
    notes.leave_out(f"shortcode [{code.name}]: unknown here; the text inside it was kept")
    return "", code.end


def _attributes(raw: str) -> Attributes:
    return {
        found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(raw)
    }


def _caption(said: Attributes, inner: str) -> str:
    image = _IMAGE.match(inner)
    words = said.get("caption") or (inner[image.end() :] if image else "")
    picture = image[1] if image else inner
    number = re.sub(r"\D", "", said.get("id", ""))[:15]
    return (
        f'<figure class="wp-caption wp-image-{number or 0}">{picture}'
        f"<figcaption>{words.strip()}</figcaption></figure>"
    )


def _gallery(said: Attributes, _inner: str) -> str:
    numbers = re.findall(r"\d{1,15}", said.get("ids") or said.get("include") or "")
    return f'<figure data-gallery="{",".join(numbers)}"></figure>'


def _embed(said: Attributes, inner: str) -> str:
    address = said.get("src") or html.unescape(inner.strip())
    return f'<iframe src="{html.escape(address)}"></iframe>' if address else ""


def _played(tag: str) -> Callable[[Attributes, str], str]:
    def make(said: Attributes, _inner: str) -> str:
        address = next((said[name] for name in _SOURCES if said.get(name)), "")
        return f'<{tag} src="{html.escape(address)}"></{tag}>' if address else ""

    return make


_KNOWN: Mapping[str, Callable[[Attributes, str], str]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "youtube": _embed,
    "audio": _played("audio"),
    "video": _played("video"),
}


def _unescape(text: str) -> str:
    return re.sub(r"\[\[(/?[a-zA-Z][\w-]*[^\[\]]{0,2000})\]\]", r"[\1]", text)

"""The script on its way to readers: what a page uses of it, in fewer bytes."""

import re
from collections.abc import Container, Iterable

_PART = re.compile(r"^// \[([\w-]+)\].*$", re.MULTILINE)
_ATTRIBUTE = re.compile(r" (data-[\w-]+)")
_COMMENT = re.compile(r"^\s*//.*\n?", re.MULTILINE)
_STRING = re.compile(r'("[^"\n]*")')
_SPACE = re.compile(r" ?([=+\-*/(){}\[\],;:?<>|&!]) ?")


def names(script: str) -> tuple[str, ...]:
    """Return the attributes for which a script has parts.

    A part begins with the line `// [data-something]` and goes to the next of that kind;
    what stands before the first, and what follows a part `// [html]`, is for every page.
    """
    return tuple(dict.fromkeys(name for name in _PART.findall(script) if name != "html"))


def used(names: Iterable[str], html: str) -> frozenset[str]:
    """Return those of these attributes ("data-give") that some element of a page has."""
    return frozenset(_ATTRIBUTE.findall(html)).intersection(names)


def parts(script: str, used: Container[str]) -> str:
    """Return a script without those parts whose attribute is not used."""
    first, *named = _PART.split(script)
    pairs = zip(named[::2], named[1::2], strict=True)
    return first + "".join(text for name, text in pairs if name == "html" or name in used)


def lean(script: str) -> str:
    """Return a script without comments of whole lines, indents, and space round signs.

    For our own script only: it holds no sign of a string but `"`, no space in a regular
    expression, and nothing like `a + +b`. Its lines stay apart, since they end its sentences.
    """
    lines = (line.strip() for line in _COMMENT.sub("", script).splitlines())
    pieces = _STRING.split("\n".join(line for line in lines if line))
    pieces[::2] = [_SPACE.sub(r"\1", piece) for piece in pieces[::2]]
    return "".join(pieces)

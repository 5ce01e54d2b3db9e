"""The rules of the stylesheet that a page uses: the rest would be bytes for nothing.

The text of a page has to come through first, and through lines that are slow on purpose.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

SET_BY_SCRIPT = frozenset({"js", "due", "hushed"})  # classes that no page has when it is printed

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_CLASS = re.compile(r"""\sclass\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""")
_IN_BRACKETS = re.compile(r":[\w-]+\([^()]*\)|\[[^\]]*\]")
_PSEUDO = re.compile(r"::?[\w-]+")
_NAMES = re.compile(r"([.#]?)([a-zA-Z][\w-]*)")
_COMMA_OR_BRACKET = re.compile(r"[,()]")


def rules(css: str, used: frozenset[str]) -> str:
    """Return those rules of a lean stylesheet that can match something in a page.

    `used` is what `names` finds there. Only the elements and classes of a selector are looked
    for, and what stands in brackets or after a colon is passed over: a rule too many is a few
    bytes, one too few is a broken page. Rules about ids stay.
    """
    return "".join(rule.kept(used) for rule in _rules(css))


def told(css: str) -> frozenset[str]:
    """Return the elements and classes that a stylesheet speaks of; all others are alike to it."""
    return frozenset(sign + name for sign, name in _NAMES.findall(css) if sign != "#")


@lru_cache(maxsize=8)  # style, policy and script are asked for the same page, one after the other
def names(html: str) -> frozenset[str]:
    """Return the elements ("p") and classes (".box") of a page: many pages share theirs."""
    found = {"html", "head", "body", *(f".{name}" for name in SET_BY_SCRIPT)}
    found |= {tag.lower() for tag in _TAG.findall(html)}
    for classes in set(_CLASS.findall(html)):
        found |= {f".{name}" for name in classes.strip("\"'").split()}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A rule: its selectors, each with the names that a page needs for it, and what it sets."""

    selectors: tuple[tuple[str, frozenset[str]], ...]
    inside: str

    def kept(self, used: frozenset[str]) -> str:
        heads = ",".join(selector for selector, asked in self.selectors if asked <= used)
        return f"{heads}{{{self.inside}}}" if heads else ""


@dataclass(frozen=True, slots=True)
class _Media:
    """Rules for some screens, or for paper."""

    head: str
    inside: "tuple[_Plain | _Media | _Always, ...]"

    def kept(self, used: frozenset[str]) -> str:
        inside = "".join(rule.kept(used) for rule in self.inside)
        return f"{self.head}{{{inside}}}" if inside else ""


@dataclass(frozen=True, slots=True)
class _Always:
    """What every page needs: `@page` and its like."""

    text: str

    def kept(self, _used: frozenset[str]) -> str:
        return self.text


@lru_cache(maxsize=16)  # a stylesheet is read once for all its pages
def _rules(css: str) -> tuple[_Plain | _Media | _Always, ...]:
    return tuple(_rule(*rule) for rule in _split(css))


def _rule(head: str, inside: str) -> _Plain | _Media | _Always:
    if head.startswith("@media"):
        return _Media(head, _rules(inside))
    if head.startswith("@"):
        return _Always(f"{head}{{{inside}}}")
    return _Plain(tuple((one, _asked(one)) for one in _selectors(head)), inside)


def _asked(selector: str) -> frozenset[str]:
    while (bare := _IN_BRACKETS.sub("", selector)) != selector:
        selector = bare
    said = _NAMES.findall(_PSEUDO.sub("", selector))
    return frozenset(sign + name for sign, name in said if sign != "#")


def _selectors(head: str) -> list[str]:
    found, depth, start = [], 0, 0
    for sign in _COMMA_OR_BRACKET.finditer(head):
        depth += {"(": 1, ")": -1, ",": 0}[sign[0]]
        if sign[0] == "," and not depth:
            found.append(head[start : sign.start()])
            start = sign.end()
    return [*found, head[start:]]


def _split(css: str) -> list[tuple[str, str]]:
    """Return the outermost rules as (selector or @-rule, what stands in its braces)."""
    found, depth, start, opened = [], 0, 0, 0
    for brace in re.finditer(r"[{}]", css):
        at = brace.start()
        if brace[0] == "{":
            opened = opened if depth else at
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                found.append((css[start:opened], css[opened + 1 : at]))
                start = at + 1
    return found

"""The rules of the stylesheet that a page uses: the rest would be bytes for nothing.

The text of a page has to come through first, and through lines that are slow on purpose.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

SET_BY_SCRIPT = frozenset({"js", "due", "hushed"})  # classes that no page has when it is printed
MANY_ALIKE = 20  # neighbouring rules about one name each

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
# Begins with a letter and not with the space before it: there are a hundred times as many spaces.
_CLASS = re.compile(r"""class\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""")
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
    return "".join(run.kept(used) for run in _runs(css))


def selectors_in(css: str) -> frozenset[str]:
    """Return the elements and classes that a stylesheet speaks of; all others are alike to it."""
    return frozenset(sign + name for sign, name in _NAMES.findall(css) if sign != "#")


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


_Rule = _Plain | _Media | _Always


@dataclass(frozen=True, slots=True)
class _Alike:
    """Neighbouring rules that each need one name: the shades and crops of pictures.

    Nearly every page has others of them, so what is kept is looked up and not remembered.
    """

    by_name: Mapping[str, str]

    def kept(self, used: frozenset[str]) -> str:
        mine = self.by_name.keys() & used
        return "".join(text for name, text in self.by_name.items() if name in mine) if mine else ""


@dataclass(frozen=True, slots=True)
class _Mixed:
    """Neighbouring rules of all other kinds: many pages keep the same of them."""

    rules: tuple[_Rule, ...]
    names: frozenset[str]
    _kept: dict[frozenset[str], str] = field(default_factory=dict)

    def kept(self, used: frozenset[str]) -> str:
        mine = used & self.names
        if mine not in self._kept:
            self._kept[mine] = "".join(rule.kept(mine) for rule in self.rules)
        return self._kept[mine]


@lru_cache(maxsize=16)
def _runs(css: str) -> tuple[_Alike | _Mixed, ...]:
    return tuple(_cut(_rules(css)))


def _cut(rules: Iterable[_Rule]) -> Iterator[_Alike | _Mixed]:
    mixed: list[_Rule] = []
    for single, run in groupby(rules, key=_is_single):
        some = list(run)
        if not single or len(_names_of(some)) < max(MANY_ALIKE, len(some)):
            mixed += some
            continue
        yield _Mixed(tuple(mixed), _names_of(mixed))
        yield _Alike(
            {name: rule.kept(frozenset({name})) for rule in some for name in _names_of([rule])}
        )
        mixed = []
    yield _Mixed(tuple(mixed), _names_of(mixed))


def _is_single(rule: _Rule) -> bool:
    return isinstance(rule, _Plain) and [len(asked) for _, asked in rule.selectors] == [1]


def _names_of(rules: Iterable[_Rule]) -> frozenset[str]:
    """Return the names that some rule asks for, however deep it stands."""
    found: set[str] = set()
    for rule in rules:
        if isinstance(rule, _Media):
            found |= _names_of(rule.inside)
        elif isinstance(rule, _Plain):
            found = found.union(*(asked for _, asked in rule.selectors))
    return frozenset(found)


@lru_cache(maxsize=16)  # a stylesheet is read once for all its pages
def _rules(css: str) -> tuple[_Rule, ...]:
    return tuple(_rule(*rule) for rule in _split(css))


def _rule(head: str, inside: str) -> _Rule:
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

"""The rules of the stylesheet that a page uses: the rest would be bytes for nothing.

The text of a page has to come through first, and through lines that are slow on purpose.
"""

import re

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
    return _kept(css, used)


def names(html: str) -> frozenset[str]:
    """Return the elements ("p") and classes (".box") of a page: many pages share theirs."""
    found = {"html", "head", "body", *(f".{name}" for name in SET_BY_SCRIPT)}
    found |= {tag.lower() for tag in _TAG.findall(html)}
    for classes in set(_CLASS.findall(html)):
        found |= {f".{name}" for name in classes.strip("\"'").split()}
    return frozenset(found)


def _kept(css: str, used: frozenset[str]) -> str:
    return "".join(_rule(*rule, used=used) for rule in _split(css))


def _rule(head: str, inside: str, *, used: frozenset[str]) -> str:
    if head.startswith("@media"):
        inside = _kept(inside, used)
        return f"{head}{{{inside}}}" if inside else ""
    if head.startswith("@"):
        return f"{head}{{{inside}}}"
    heads = ",".join(one for one in _selectors(head) if _matches(one, used))
    return f"{heads}{{{inside}}}" if heads else ""


def _matches(selector: str, used: frozenset[str]) -> bool:
    while (bare := _IN_BRACKETS.sub("", selector)) != selector:
        selector = bare
    said = _NAMES.findall(_PSEUDO.sub("", selector))
    return all(sign == "#" or sign + name in used for sign, name in said)


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

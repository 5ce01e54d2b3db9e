"""The stylesheet on its way to readers: the newsroom's colours, the same rules in fewer bytes."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from string import ascii_letters

from tamizdat.lib.newsroom import Look
from tamizdat.lib.theme.contrast import BODY, ratio, readable_on

PAPERS = {"accent": ("#fbf9f4", "#f2ede2"), "accent_dark": ("#161513", "#201e1a")}

_STRING = r'"[^"\n]*"'
_SETTINGS = re.compile(r"@settings\s*\{([^{}]*)\}")
_SETTING = re.compile(r"(--[\w-]+)\s*:\s*([^;]+?)\s*(?:;|$)")
_SUM = re.compile(r"calc\(([\d.]+) \+ ([\d.]+)\)")
_MIDDLE = 2
_LEVELS = (0x38, 0x88, 0xD0)  # dark, middle, light
_TINTS = (0x14, 0, -0x14)  # warm, even, cool: more red and less blue, or the other way round


def unreadable(look: Look) -> list[tuple[str, str]]:
    """Return what is wrong and what to do for each accent that cannot be read on our paper.

    Small words are set in the accent, so it must reach the 4.5 : 1 of WCAG AA on the page
    and in the boxes, by day and by night. `doctor` says it.
    """
    found = []
    for name, papers in PAPERS.items():
        accent = getattr(look, name)
        worst = min(ratio(accent, paper) for paper in papers)
        if worst < BODY:
            way = "darker" if name == "accent" else "lighter"
            what = f"{accent} is hard to read on our paper: a contrast of {worst:.1f}, not {BODY}"
            found.append((what, f"Set [look] {name} to a {way} colour."))
    return found


def accents(look: Look) -> str:
    """Return the settings that hold a newsroom's accents, by day and by night."""
    day, night = look.accent, look.accent_dark
    return (
        f"@settings{{--day:{day};--on-day:{readable_on(day)};"
        f"--night:{night};--on-night:{readable_on(night)}}}"
    )


@lru_cache(maxsize=10_000)
def shade(colour: str) -> str:
    """Return the class that stands in for a picture of this colour until it has loaded.

    One of nine: our pages allow no style attribute, and a rule for every colour of every
    picture would weigh more than the nicety is worth.
    """
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return min(_shades(), key=lambda shade: _distance(shade[1], channels))[0]


def keep(focus: str) -> str:
    """Return the class that keeps a picture's point ("50% 32%") when it is cropped, or "".

    In steps of a quarter; the middle needs none. Put it right after another class.
    """
    steps = [round(float(share.rstrip("%")) / 25) for share in focus.split()]
    return "" if steps == [_MIDDLE, _MIDDLE] else " p{}{}".format(*steps)


def crops() -> str:
    """Return the rules of all classes that `keep` may name."""
    return "".join(
        f".p{x}{y}{{object-position:{x * 25}% {y * 25}%}}" for x, y in product(range(5), repeat=2)
    )


def shades() -> str:
    """Return the rules of all classes that `shade` may name."""
    return "".join(
        f".{name}{{background:#{red:02x}{green:02x}{blue:02x}}}"
        for name, (red, green, blue) in _shades()
    )


def in_order(css: str) -> str:
    """Return `css` with the declarations of each rule in the order of their names.

    Like then follows like, which packs better. `font` comes before `font-size` and before
    `line-height`, so a rule that sets all and then one thing keeps its meaning; one that sets
    one thing and then all would change it, so keep newsrooms' own rules away from this.
    """
    return re.sub(r"\{([^{}]*)\}", _sorted, re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def settled(css: str) -> str:
    """Return `css` with its `@settings` worked in: what is known before a page is printed.

    `@settings { --tall: .3 }` is our own: of two that name the same the later counts, each
    `var(--tall)` becomes `.3`, and sums of bare numbers that come of it are done.
    """
    known: dict[str, str] = {}
    for inside in _SETTINGS.findall(css):
        known |= dict(_SETTING.findall(inside))
    css = _SETTINGS.sub("", css)
    css = re.sub(r"var\((--[\w-]+)\)", lambda found: known.get(found[1], found[0]), css)
    return _SUM.sub(lambda found: f"{float(found[1]) + float(found[2]):g}".lstrip("0"), css)


def short(css: str) -> str:
    """Return `css` with its custom properties called --a, --b and so on, as they come.

    Nobody but this stylesheet may speak of them then.
    """
    names = dict.fromkeys(re.findall(r"--[a-z][\w-]*", css))
    brief = {name: f"--{letter}" for name, letter in zip(names, ascii_letters, strict=False)}
    return re.sub(r"--[a-z][\w-]*", lambda found: brief.get(found[0], found[0]), css)


def lean(css: str) -> str:
    """Return `css` without comments and needless space; what it means does not change.

    Only what is safe everywhere is removed: space around `{ } ; , >`, after `:`, and the last
    `;` of a rule. Space before `:` parts selectors and space around `+` and `-` is arithmetic: both
    stay. Strings are left alone.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    parts = re.split(f"({_STRING})", css)
    parts[::2] = [_without_space(part) for part in parts[::2]]
    return "".join(parts).strip()


def _without_space(part: str) -> str:
    part = re.sub(r"\s+", " ", part)
    part = re.sub(r" ?([{};,>]) ?", r"\1", part)
    return part.replace(": ", ":").replace(";}", "}")


def _sorted(rule: re.Match[str]) -> str:
    said = [one.strip() for one in rule[1].split(";") if one.strip()]
    return "{" + ";".join(sorted(said, key=lambda one: one.partition(":")[0])) + "}"


def _shades() -> list[tuple[str, tuple[int, int, int]]]:
    return [
        (f"k{level}{tint}", (light + more, light, light - more))
        for level, light in enumerate(_LEVELS)
        for tint, more in enumerate(_TINTS)
    ]


def _distance(one: Iterable[int], other: Iterable[int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))

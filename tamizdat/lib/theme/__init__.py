"""The look: templates, words, one stylesheet and one script, for everything readers see."""

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.locales import translations
from tamizdat.lib.locales.formats import LocaleFormats
from tamizdat.lib.newsroom import LANGUAGES, RIGHT_TO_LEFT, Newsroom
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.lib.theme import contrast, stylesheet, used_css
from tamizdat.lib.theme import script as scripts
from tamizdat.lib.theme.bytecode_cache import MemoryBytecodeCache
from tamizdat.lib.theme.environment import SharedGlobalsEnvironment
from tamizdat.lib.theme.html_whitespace import HtmlWhitespace

_SHEETS = ("style.css", "blocks.css", "lists.css", "front.css", "forms.css")
_LOGOS = {".svg": "image/svg+xml", ".png": "image/png"}
_SEARCH = "data-search"  # on the one page that may read other files of the edition
_PLAIN_IN_ICON = "='/:"
NO_FOLDER = Path("/nonexistent")
OURS = Path(__file__).parents[2] / "theme"
_COMPILED = MemoryBytecodeCache()
REMEMBERED = 500  # styles, about 5 MB: the desk's process prints for weeks


class Theme:
    """One newsroom's pages and words. Make it once: it reads all catalogues and templates.

    A newsroom's folder `theme/` comes first: a template there replaces ours of the same
    path, and may build on it with `{% extends "tamizdat/press/article.html" %}`;
    `theme/style.css` and `theme/script.js` are added to ours; `theme/locale/ru.po` overrides
    our words.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._environments: dict[str, Environment] = {}
        self._styles: dict[tuple[str, frozenset[str]], Markup] = {}
        self._scripts: dict[frozenset[str], Markup] = {}
        self._policies: dict[tuple[Markup, Markup], Markup] = {}
        self._leaned: dict[str, str] = {}
        self._told: dict[str, frozenset[str]] = {}
        self._spoken: dict[str, NullTranslations] = {}
        # Style, script and policy are asked for the same page, one after the other.
        self._names = lru_cache(1)(used_css.names)
        self._attributes = lru_cache(1)(partial(scripts.used, self._script_names))
        self._settled = False

    def render(self, template: str, language: str, /, **context: Any) -> str:
        """Return a template as a page or fragment in one language, everything escaped.

        Raises:
            jinja2.UndefinedError: the template shows something that `context` lacks.
        """
        page: str = self.environment(language).get_template(template).render(context)
        return page

    def text(self, message: str, language: str) -> str:
        """Return one of the theme's words in a language; in English where it has none."""
        return self._words(language).gettext(message)

    def environment(self, language: str) -> Environment:
        """Return the Jinja environment of a language, with its words bound into it."""
        if language not in self._environments:
            self._environments[language] = self._new_environment(language)
        return self._environments[language]

    def style(self, page: str = "", *, language: str = "") -> Markup:
        """Return the stylesheet, lean, in this newsroom's accents.

        Args:
            page: What stands in the page's `<body>`: then only the rules that it needs are
                there. The newsroom's own rules are there always.
            language: Of the page; what another script needs is left out.
        """
        letters = "arabic.css" if language in RIGHT_TO_LEFT else "latin.css"
        ours = self._lean(letters)
        names = self._names(page) & self._told[letters] if page else frozenset[str]()
        if (letters, names) not in self._styles:
            _make_room(self._styles)
            css = (used_css.rules(ours, names) if page else ours) + self._own_style
            self._styles[letters, names] = Markup(css)  # noqa: S704  # our own files
        return self._styles[letters, names]

    def script(self, page: str = "") -> Markup:
        """Return the script, lean, and the newsroom's own after it; of ours what a page needs."""
        ours = self._our_script
        used = self._attributes(page) if page else self._everywhere
        if used not in self._scripts:
            lean, own = scripts.lean(scripts.parts(ours, used)), self.newsroom.theme / "script.js"
            said = f"{lean};\n{own.read_text(encoding='utf-8')}" if own.is_file() else lean
            self._scripts[used] = Markup(said)  # noqa: S704  # our own files
        return self._scripts[used]

    def policy(self, page: str = "", *, language: str = "") -> Markup:
        """Return the Content-Security-Policy of a page that carries `style` of the same.

        The two hashes are why templates hold no style attribute and no handler. A form may
        lead to the counter and, by the counter's redirect, to the till: browsers hold
        `form-action` against every step of the way.
        """
        style, script = self.style(page, language=language), self.script(page)
        reads = ("connect-src 'self'",) if f" {_SEARCH}" in page else ()
        if (style, script) not in self._policies:
            _make_room(self._policies)
            addresses = self.newsroom.addresses
            said = (
                "default-src 'none'",
                "img-src 'self' data:",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                *reads,
                f"form-action 'self' {addresses.counter} {addresses.till}",
                "base-uri 'none'",
            )
            self._policies[style, script] = _for_attribute("; ".join(said))
        return self._policies[style, script]

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Do not look meanwhile whether a template has changed: an edition has one look."""
        self._settle(settled=True)
        try:
            yield
        finally:
            self._settle(settled=False)

    def _settle(self, *, settled: bool) -> None:
        self._settled = settled
        for environment in self._environments.values():
            environment.auto_reload = not settled

    @property
    def sign(self) -> str:
        """The newsroom's small picture, as SVG: the first letter of its name on its accent."""
        accent = self.newsroom.look.accent
        return (
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
            f"<path fill='{accent}' d='M0 0h32v32H0z'/>"
            f"<text x='16' y='24' fill='{contrast.readable_on(accent)}'"
            " font-size='24' font-weight='700' font-family='serif' text-anchor='middle'>"
            f"{self._initial}</text></svg>"
        )

    def icon(self) -> Markup:
        """Return `sign` as an address that holds the picture itself.

        For pages of the counter and the till, which have no files beside them.
        """
        address = quote(self.sign, safe=_PLAIN_IN_ICON)
        return Markup(f"data:image/svg+xml,{address}")  # noqa: S704  # quoted, but for its '

    @cached_property
    def logo(self) -> str:
        """The newsroom's name as a picture, as an address that holds the picture itself; or "".

        Every page carries it whole, which is why it should be a drawing (SVG) of a few KB.

        Raises:
            NewsroomError: look.logo names a file that is not in the `theme/` folder, or of a
                kind that browsers do not show.
        """
        name = self.newsroom.look.logo
        if not name:
            return ""
        path = self.newsroom.theme / name
        kind = _LOGOS.get(path.suffix.lower())
        if kind is None or not path.is_file():
            raise newsrooms.NewsroomError(
                f"look.logo is {name!r}, which is no SVG or PNG in {self.newsroom.theme}. "
                "Put the file there, or take the line out: then the name stands in type."
            )
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"

    @cached_property
    def without_own(self) -> "Theme":
        """The same newsroom in our look: no file of its own theme is read."""
        look = replace(self.newsroom.look, logo="")
        return Theme(replace(self.newsroom, folder=NO_FOLDER, look=look))

    @property
    def _initial(self) -> str:
        name = self.newsroom.name.removeprefix("The ")
        return next((letter.upper() for letter in name if letter.isalnum()), "•")

    @cached_property
    def _our_script(self) -> str:
        everywhere, search = (OURS / name for name in ("script.js", "search.js"))
        said = everywhere.read_text(encoding="utf-8"), search.read_text(encoding="utf-8")
        return f"\n// [{_SEARCH}]\n".join(said)

    @cached_property
    def _script_names(self) -> tuple[str, ...]:
        return scripts.names(self._our_script)

    @property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(self._script_names) - {_SEARCH}

    @cached_property
    def _own_style(self) -> str:
        own = self.newsroom.theme / "style.css"
        return stylesheet.lean(own.read_text(encoding="utf-8")) if own.is_file() else ""

    def _lean(self, letters: str) -> str:
        if letters not in self._leaned:
            self._leaned[letters] = self._fresh(letters)
            self._told[letters] = used_css.selectors_in(self._leaned[letters])
        return self._leaned[letters]

    def _fresh(self, letters: str) -> str:
        css = (
            stylesheet.accents(self.newsroom.look),
            *((OURS / sheet).read_text(encoding="utf-8") for sheet in (letters, *_SHEETS)),
            stylesheet.shades(),
            stylesheet.crops(),
            (OURS / "print.css").read_text(encoding="utf-8"),
        )
        ours = stylesheet.lean(stylesheet.in_order(stylesheet.settled("".join(css))))
        return ours if self._has_own else stylesheet.short(ours)

    @property
    def _has_own(self) -> bool:
        return self.newsroom.theme.is_dir() and any(self.newsroom.theme.iterdir())

    def _new_environment(self, language: str) -> Environment:
        ours = FileSystemLoader(OURS / "templates")
        environment = SharedGlobalsEnvironment(
            loader=ChoiceLoader(
                [FileSystemLoader(self.newsroom.theme), ours, PrefixLoader({"tamizdat": ours})]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", HtmlWhitespace],
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
            auto_reload=not self._settled,
        )
        spoken = self._words(language)
        environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            spoken.gettext, spoken.ngettext, newstyle=True, pgettext=spoken.pgettext
        )
        environment.globals.update(self._globals(language))
        return environment

    def _globals(self, language: str) -> dict[str, Any]:
        form = LocaleFormats(language, ZoneInfo(self.newsroom.time_zone))
        return {
            "newsroom": self.newsroom.in_language(language),
            "lang": language,
            "dir": direction(language),
            "direction": direction,
            "shade": stylesheet.shade,
            "keep": stylesheet.keep,
            "language_names": LANGUAGES,
            "style": partial(self.style, language=language),
            "script": self.script,
            "policy": partial(self.policy, language=language),
            "icon": self.icon,
            "logo": self.logo,
            "date": form.date,
            "time": form.time,
            "iso": form.iso,
            "month": form.month,
            "month_ahead": form.month_ahead,
            "number": form.number,
            "money": form.money,
            "currency_sign": form.currency_sign,
            "digits": form.digits,
            "comma": form.comma,
        }

    def _words(self, language: str) -> NullTranslations:
        if language not in self._spoken:
            folders = [self.newsroom.theme / "locale", OURS / "locale"]
            self._spoken[language] = translations.read(folders, language)
        return self._spoken[language]


def _make_room(remembered: dict[Any, Markup]) -> None:
    """Begin again where much is remembered: pages with pictures have a style each, of 5 KB."""
    if len(remembered) >= REMEMBERED:
        remembered.clear()


def direction(language: str) -> str:
    """Return "rtl" or "ltr", as HTML's `dir` wants it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _for_attribute(text: str) -> Markup:
    """Return text for an attribute in double quotes, its single quotes as they are: fewer bytes."""
    return Markup(str(escape(text)).replace("&#39;", "'"))  # noqa: S704  # escaped just here


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_State = tuple[int, int, int]
_themes: dict[str, tuple[_State, Theme]] = {}
_GIVEN = (-1, -1, -1)
_NEVER = (-2, -2, -2)


def theme() -> Theme:
    """Return the theme of the newsroom that TAMIZDAT_NEWSROOM names.

    It is kept until the newsroom's settings file changes: the process that publishes runs for
    weeks, and a new name or accent must reach readers without its restart.

    Raises:
        NewsroomError: there is no newsroom there.
    """
    named = os.environ.get("TAMIZDAT_NEWSROOM", "")
    changed, kept = _themes.get(named, (_NEVER, None))
    if kept is not None and changed == _GIVEN:
        return kept
    folder = newsrooms.find(named)
    now = _state(folder / newsrooms.SETTINGS_FILE)
    if kept is None or changed != now:
        kept = Theme(load_or_last(folder))
        _themes[named] = (now, kept)
    return kept


def _state(path: Path) -> _State:
    """Return what differs when a file was changed, replaced, or given to somebody.

    Nothing of it differs where the file is missing, as while an editor saves it, or out of reach.
    """
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def set_theme(chosen: Theme | None) -> None:
    """Use this theme from now on, or with None read the newsroom's afresh (for tests)."""
    _themes.clear()
    if chosen is not None:
        _themes[os.environ.get("TAMIZDAT_NEWSROOM", "")] = (_GIVEN, chosen)

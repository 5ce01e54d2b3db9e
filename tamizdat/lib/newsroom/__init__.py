"""A newsroom's own settings: the file `tamizdat.toml` in its folder."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from tamizdat.lib.newsroom import rules
from tamizdat.lib.newsroom.places import place
from tamizdat.lib.users import open_it, why_closed

LANGUAGES = {"en": "English", "ru": "Русский", "uk": "Українська", "fa": "فارسی"}
RIGHT_TO_LEFT = frozenset({"fa", "ar", "he", "ur"})
SETTINGS_FILE = "tamizdat.toml"
LAST_GOOD = Path("data") / "last-settings.toml"  # see `lib.newsroom.last_settings`

Policy = Literal["ask", "careful", "never"]
PROVIDERS = ("pretend",)  # the payment services in support/providers, which lib may not see


class NewsroomError(Exception):
    """The folder or its settings file is not a newsroom we can run."""


class ClosedSettingsError(NewsroomError):
    """This user may not read the settings file. `why` says whose it is, `do` what to do."""

    def __init__(self, path: Path) -> None:
        self.why, self.do = why_closed(path), open_it(path, path.parent)
        super().__init__(f"{path} cannot be read. {self.why}\n{self.do}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the four roles are reached: whole origins, without a slash at the end."""

    edition: str
    counter: str
    desk: str
    till: str


@dataclass(frozen=True, slots=True)
class Look:
    """What makes the pages this newsroom's own, without code."""

    accent: str = "#962318"
    accent_dark: str = "#f09080"
    logo: str = ""
    tagline: Mapping[str, str] = field(default_factory=dict)
    footer: Mapping[str, str] = field(default_factory=dict)
    licence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Support:
    """Whether, how and how much readers are asked.

    `ask` maps a language ("ru"), a section ("section:courts") or both ("ru/section:courts")
    to a policy; "default" is the rest. Amounts are in minor units of `currency`.
    """

    provider: str = "pretend"
    currency: str = "EUR"
    once: tuple[int, ...] = (500, 1000, 2500)
    month: tuple[int, ...] = (300, 500, 1000)
    year: tuple[int, ...] = (3000, 5000, 10000)
    least: int = 200
    most: int = 1_000_000
    refused_countries: frozenset[str] = frozenset({"RU", "BY"})
    ask: Mapping[str, Policy] = field(default_factory=lambda: {"default": "ask"})
    careful_time_zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """How letters leave: "mailbox" (on screen) or an address of a relay, smtp://host:port.

    `administrator` is written to when something does not work; "" writes to nobody.
    """

    send: str = "mailbox"
    from_name: str = ""
    from_address: str = "letters@example.org"
    administrator: str = ""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """One newsroom: its folder and what its settings file says."""

    folder: Path
    name: str
    languages: tuple[str, ...]
    addresses: Addresses
    time_zone: str = "UTC"
    demonstration: bool = False
    look: Look = field(default_factory=Look)
    support: Support = field(default_factory=Support)
    mail: Mail = field(default_factory=Mail)
    databases: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> "Newsroom":
        """Return the newsroom as its readers in a language know it: under its name there."""
        return replace(self, name=self.names.get(language, self.name))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def edition(self) -> Path:
        return self.folder / "edition"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def theme(self) -> Path:
        return self.folder / "theme"

    @property
    def language(self) -> str:
        """The newsroom's first language."""
        return self.languages[0]

    def is_elsewhere(self, database: str) -> bool:
        """Return whether another machine holds "default" (the desk's), "counter" or "till".

        Nobody opens it from this machine.
        """
        return self.databases.get(database) == rules.ELSEWHERE

    @property
    def main_role(self) -> Literal["desk", "till", "counter"]:
        """The role that this machine is for: the desk, unless other machines hold its database."""
        if not self.is_elsewhere("default"):
            return "desk"
        return "counter" if self.is_elsewhere("till") else "till"

    def policy(self, language: str, section: str | None) -> Policy:
        """Return whether a page in this language and section asks for money.

        The narrowest rule wins, and of two equally narrow ones the more careful.
        """
        ask = self.support.ask
        if section and (both := ask.get(f"{language}/section:{section}")):
            return both
        one = [ask[key] for key in (language, f"section:{section}") if key in ask]
        return max(one, key=("ask", "careful", "never").index, default=ask.get("default", "ask"))


def find(folder: str | Path | None = None) -> Path:
    """Return the newsroom's folder: the one named, else TAMIZDAT_NEWSROOM, else here.

    Raises:
        NewsroomError: there is no `tamizdat.toml` in it, and never was a good one.
    """
    chosen = Path(folder or os.environ.get("TAMIZDAT_NEWSROOM") or ".").resolve()
    if not any(_may_be_there(chosen / name) for name in (SETTINGS_FILE, LAST_GOOD)):
        raise NewsroomError(
            f"{chosen} is not a newsroom: it holds no {SETTINGS_FILE}. "
            "Name its folder with --newsroom, or make one with `tamizdat init DIR`."
        )
    return chosen


def _may_be_there(path: Path) -> bool:
    """Say whether a file is there, or its folder is closed to us: who reads it says that then."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def load(folder: str | Path) -> Newsroom:
    """Read a newsroom's settings file.

    Raises:
        NewsroomError: it is missing, no TOML, or says something that cannot be.
    """
    return parse(folder, text(folder))


def text(folder: str | Path) -> bytes:
    """Return what stands in a newsroom's settings file.

    Raises:
        NewsroomError: it cannot be read.
    """
    path = Path(folder) / SETTINGS_FILE
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise ClosedSettingsError(path) from error
    except OSError as error:
        raise NewsroomError(f"{path} cannot be read: {error.strerror}.") from error


def parse(folder: str | Path, said: bytes) -> Newsroom:
    """Return the newsroom in `folder` whose settings file says this.

    Raises:
        NewsroomError: it is no TOML, or says something that cannot be; with line and column.
    """
    path = Path(folder) / SETTINGS_FILE
    try:
        text = said.decode()
    except UnicodeDecodeError as error:
        line = said[: error.start].count(b"\n") + 1
        raise NewsroomError(f"{path}, line {line}: a letter is not in UTF-8.") from error
    try:
        return _newsroom(Path(folder).resolve(), tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise NewsroomError(f"{path} is not valid TOML: {error}.") from error
    except rules.SettingError as error:
        where = place(text, error.table, error.key)
        raise NewsroomError(f"{path}{where}: {error}. See docs/reference/settings.md.") from error


_TABLES: Mapping[str, Mapping[str, rules.Rule]] = {
    "newsroom": {
        "name": rules.NAME,
        "names": rules.names_in(LANGUAGES),
        "languages": rules.languages_of(LANGUAGES),
        "time_zone": rules.ZONE,
        "demonstration": rules.FLAG,
    },
    "addresses": dict.fromkeys(("edition", "counter", "desk", "till"), rules.ORIGIN),
    "look": {
        "accent": rules.COLOUR,
        "accent_dark": rules.COLOUR,
        "logo": rules.LINE,
        "tagline": rules.lines_in(LANGUAGES),
        "footer": rules.lines_in(LANGUAGES),
        "licence": rules.lines_in(LANGUAGES),
    },
    "support": {
        "provider": rules.one_of(PROVIDERS),
        "currency": rules.CURRENCY,
        "once": rules.AMOUNTS,
        "month": rules.AMOUNTS,
        "year": rules.AMOUNTS,
        "least": rules.AMOUNT,
        "most": rules.AMOUNT,
        "refused_countries": rules.COUNTRIES,
        "ask": rules.policies(LANGUAGES, get_args(Policy)),
        "careful_time_zones": rules.ZONES,
    },
    "mail": {
        "send": rules.RELAY,
        "from_name": rules.LINE,
        "from_address": rules.SENDER,
        "administrator": rules.ADMINISTRATOR,
    },
    "databases": dict.fromkeys(("default", "counter", "till"), rules.DATABASE),
}
_NEEDED = {"newsroom": ("name", "languages"), "addresses": tuple(_TABLES["addresses"])}


def _newsroom(folder: Path, raw: Mapping[str, Any]) -> Newsroom:
    if unknown := [name for name in raw if name not in _TABLES]:
        sentence = f"there is no table [{unknown[0]}], only {', '.join(_TABLES)}"
        raise rules.SettingError(sentence, unknown[0])
    for name, table in _TABLES.items():
        rules.check(name, raw.get(name, {}), table, _NEEDED.get(name, ()))
    about = dict(raw["newsroom"])
    return Newsroom(
        folder=folder,
        languages=tuple(about.pop("languages")),
        addresses=Addresses(**raw["addresses"]),
        look=Look(**raw.get("look", {})),
        support=_support(raw.get("support", {})),
        mail=Mail(**raw.get("mail", {})),
        databases=_databases(raw.get("databases", {})),
        **about,
    )


def _databases(raw: Mapping[str, str]) -> dict[str, str]:
    """Return where the databases are. The desk opens the counter's: it collects what is in it."""
    if raw.get("counter") == rules.ELSEWHERE != raw.get("default"):
        sentence = 'databases.counter can be "elsewhere" only where databases.default is'
        raise rules.SettingError(sentence, "databases", "counter")
    return dict(raw)


def _support(raw: Mapping[str, Any]) -> Support:
    said: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
    }
    if "refused_countries" in said:
        said["refused_countries"] = frozenset(said["refused_countries"])
    support = Support(**said)
    if support.least > support.most:
        sentence = "support.least must not be more than support.most"
        raise rules.SettingError(sentence, "support", "least")
    return support

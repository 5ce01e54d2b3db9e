"""What a key of `tamizdat.toml` may be: one rule a key, each with the sentence that refuses."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tamizdat.lib.newsroom import database_address

AMOUNTS_AT_MOST = 6
MOST_MINOR = 10**12  # of any currency; counter and desk believe no till that says more
ELSEWHERE = "elsewhere"  # of a database: another machine holds it
_BREAKS = ("Cc", "Zl", "Zp")  # Unicode's controls, line and paragraph separators


class SettingError(ValueError):
    """A setting that cannot be: a sentence, and which table and key it is about ("": the table)."""

    def __init__(self, sentence: str, table: str, key: str = "") -> None:
        super().__init__(sentence)
        self.table, self.key = table, key


@dataclass(frozen=True, slots=True)
class Rule:
    """What fits a key. `may_be` ends the sentence that begins "support.once must be …"."""

    may_be: str
    fits: Callable[[Any], bool]


def check(name: str, table: object, rules: Mapping[str, Rule], needed: Collection[str]) -> None:
    """Hold a table of the settings against the rules of its keys.

    What stands there is never repeated: an address of a database or a relay may hold a password.

    Raises:
        SettingError: with one sentence that names the key and says what it may be.
    """
    if not isinstance(table, dict):
        raise SettingError(f"[{name}] must be a table", name)
    for key in table:
        if key not in rules:
            sentence = f"[{name}] knows no key {key!r}, only {', '.join(rules)}"
            raise SettingError(sentence, name, key)
        if not rules[key].fits(table[key]):
            raise SettingError(f"{name}.{key} must be {rules[key].may_be}", name, key)
    for key in needed:
        if key not in table:
            sentence = f"{name}.{key} is missing; it must be {rules[key].may_be}"
            raise SettingError(sentence, name)


def is_one_line(value: object) -> bool:
    """Return whether it is text on one line, perhaps empty: a line break would forge a header."""
    return isinstance(value, str) and not any(
        unicodedata.category(letter) in _BREAKS for letter in value
    )


def is_name(value: object) -> bool:
    """Return whether it is one line that says something."""
    return isinstance(value, str) and is_one_line(value) and bool(value.strip())


def is_whole(value: object) -> bool:
    """Return whether it is a whole number above 0. To Python `true` is the number 1; not to us."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_amount(value: object) -> bool:
    """Return whether it is an amount that somebody can give, in minor units."""
    return isinstance(value, int) and is_whole(value) and value <= MOST_MINOR


def is_zone(value: object) -> bool:
    """Return whether it is a time zone that the tz database knows."""
    if not isinstance(value, str) or not value:
        return False
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe" is only a folder
        return False
    return True


def is_list(value: object, each: Callable[[Any], bool]) -> bool:
    """Return whether it is a list, perhaps empty, of what fits, and nothing twice.

    Text is no list: taken as one, "RU" would be the countries R and U.
    """
    if not isinstance(value, list) or not all(each(one) for one in value):
        return False
    return len(set(value)) == len(value)


def is_country(value: object) -> bool:
    """Return whether it is a country's code of two capitals (ISO 3166-1): GB, and not UK.

    XA to XZ are left to users by the standard (section 8.1.3): for countries that are invented.
    """
    from babel import Locale

    known = Locale("en").territories
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        return False
    return value in known or value.startswith("X")


def is_currency(value: object) -> bool:
    """Return whether it is a currency's code of three capitals (ISO 4217)."""
    from babel import Locale

    return isinstance(value, str) and value in Locale("en").currencies


def is_origin(value: object) -> bool:
    """Return whether it is a whole origin. Pages' security policies repeat it, hence no ; or '."""
    return (
        isinstance(value, str)
        and bool(re.fullmatch(r"https?://[^/\s?#@;,'\"]+", value))
        and _has_host(value)
    )


def is_relay(value: object) -> bool:
    """Return whether it is "mailbox" or a mail relay: smtp:// or smtps://, a host, a port."""
    if value == "mailbox":
        return True
    return (
        isinstance(value, str)
        and bool(re.fullmatch(r"smtps?://[^/\s?#]+", value))
        and _has_host(value)
    )


def is_sender(value: object) -> bool:
    """Return whether letters may come from it: one bare address, without a name beside it."""
    return isinstance(value, str) and bool(
        re.fullmatch(r"[^\s@<>(),;:\"]+@[\w-]+(\.[\w-]+)*", value)
    )


def is_database(value: object) -> bool:
    """Return whether it says where a database is: a file in `data/`, an address, or elsewhere."""
    return isinstance(value, str) and (
        value in ("", "sqlite", ELSEWHERE) or database_address.parse(value) is not None
    )


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # no number, or more than a port can be
        return False


def _by_language(languages: Collection[str], fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict)
        and all(key in languages and fits(text) for key, text in value.items())
    )


FLAG = Rule("true or false, without quotes", lambda value: isinstance(value, bool))
NAME = Rule("a text of one line that is not empty", is_name)
LINE = Rule("a text of one line", is_one_line)
ZONE = Rule("a time zone such as Europe/Riga", is_zone)
ZONES = Rule(
    'a list of time zones such as ["Europe/Moscow"], none twice',
    lambda value: is_list(value, is_zone),
)
COLOUR = Rule(
    "a colour like #962318",
    lambda value: isinstance(value, str) and bool(re.fullmatch("#[0-9a-fA-F]{6}", value)),
)
ORIGIN = Rule("an origin like https://example.org, without a slash at the end", is_origin)
AMOUNT = Rule(f"a whole number from 1 to {MOST_MINOR:_}, in the currency's minor unit", is_amount)
AMOUNTS = Rule(
    f"a list of 1 to {AMOUNTS_AT_MOST} different whole numbers from 1 to {MOST_MINOR:_}, in the "
    "currency's minor unit",
    lambda value: is_list(value, is_amount) and 1 <= len(value) <= AMOUNTS_AT_MOST,
)
COUNTRIES = Rule(
    'a list of countries\' codes of two capitals such as ["RU", "BY"], none twice',
    lambda value: is_list(value, is_country),
)
CURRENCY = Rule("a currency's code of three capitals such as EUR", is_currency)
RELAY = Rule('"mailbox" or the address of a relay like smtp://mail.example.org:587', is_relay)
SENDER = Rule("an address like letters@example.org", is_sender)
ADMINISTRATOR = Rule(
    'an address like admin@example.org, or ""', lambda value: value == "" or is_sender(value)
)
DATABASE = Rule(f'"sqlite", "elsewhere", or {database_address.MAY_BE}', is_database)


def one_of(names: Collection[str]) -> Rule:
    """Return the rule for a key that is one of a few words."""
    words = " or ".join(f'"{name}"' for name in names)
    return Rule(words, lambda value: isinstance(value, str) and value in names)


def languages_of(names: Collection[str]) -> Rule:
    """Return the rule for the languages that a newsroom publishes in."""
    return Rule(
        f"a list of one or more of {', '.join(names)}, none twice",
        lambda value: (
            is_list(value, lambda one: isinstance(one, str) and one in names) and bool(value)
        ),
    )


def names_in(languages: Collection[str]) -> Rule:
    """Return the rule for names by language."""
    return Rule(
        f"texts of one line that are not empty, by language ({', '.join(languages)})",
        _by_language(languages, is_name),
    )


def lines_in(languages: Collection[str]) -> Rule:
    """Return the rule for lines by language."""
    return Rule(
        f"texts of one line, by language ({', '.join(languages)})",
        _by_language(languages, is_one_line),
    )


def policies(languages: Collection[str], known: Collection[str]) -> Rule:
    """Return the rule for who is asked: policies by language, section or both.

    An unknown key would otherwise be silently without effect, and readers asked who must not be.
    """
    spoken = "|".join(languages)
    key = re.compile(rf"default|({spoken})|(({spoken})/)?section:[-\w]+")
    return Rule(
        f"{', '.join(known)}, by default, a language ({', '.join(languages)}), "
        '"section:slug" or "language/section:slug"',
        lambda value: (
            isinstance(value, dict)
            and all(key.fullmatch(where) and policy in known for where, policy in value.items())
        ),
    )

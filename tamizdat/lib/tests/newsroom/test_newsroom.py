import pytest

from tamizdat.lib.newsroom import NewsroomError, load

WHOLE = """
[newsroom]
name = "The Sheet"
names = {fa = "ورق\u200cها"}
languages = ["en", "ru"]
time_zone = "Europe/Riga"
demonstration = false

[addresses]
edition = "https://example.org"
counter = "https://counter.example.org"
desk = "http://127.0.0.1:8002"
till = "https://till.example.org"

[look]
accent = "#962318"
tagline = {en = "A sheet"}

[support]
provider = "pretend"
currency = "EUR"
once = [500, 1000, 2500]
least = 200
most = 5000
refused_countries = ["RU", "BY"]
careful_time_zones = ["Europe/Moscow"]

[support.ask]
default = "ask"
ru = "careful"
"section:courts" = "never"
"ru/section:courts" = "never"

[mail]
send = "smtps://desk:secret@mail.example.org:465"
from_address = "letters@example.org"

[databases]
counter = "postgresql://desk:secret@db/counter"
"""


def write(folder, said, instead=None):
    """Write the settings file, one thing in it said otherwise."""
    assert said in WHOLE
    text = WHOLE if instead is None else WHOLE.replace(said, instead, 1)
    (folder / "tamizdat.toml").write_text(text, encoding="utf-8")
    return folder


def test_settings_that_fit_are_taken(tmp_path):
    newsroom = load(write(tmp_path, ""))

    assert newsroom.languages == ("en", "ru")
    assert newsroom.support.once == (500, 1000, 2500)
    assert newsroom.support.refused_countries == {"RU", "BY"}
    assert newsroom.support.careful_time_zones == ("Europe/Moscow",)
    assert newsroom.policy("ru", "courts") == "never"
    assert newsroom.in_language("fa").name == "ورق\u200cها"


REFUSED = {
    "a country without a list": ('["RU", "BY"]', '"RU"', "support.refused_countries"),
    "a country's name": ('["RU", "BY"]', '["Russia"]', "support.refused_countries"),
    "a number for a country": ('["RU", "BY"]', '["RU", 5]', "support.refused_countries"),
    "a country nobody knows": ('["RU", "BY"]', '["UK"]', "support.refused_countries"),
    "an unknown language is asked": ('ru = "careful"', 'de = "careful"', "support.ask"),
    "a section without its prefix": ('"section:courts"', '"courts"', "support.ask"),
    "an unknown language's section": ('"ru/section', '"de/section', "support.ask"),
    "an unknown policy": ('"careful"', '"perhaps"', "support.ask"),
    "a policy that is a list": ('"careful"', '["careful"]', "support.ask"),
    "a zone without a list": ('["Europe/Moscow"]', '"Europe/Moscow"', "careful_time_zones"),
    "an unknown careful zone": ('["Europe/Moscow"]', '["Europe/Mosco"]', "careful_time_zones"),
    "a continent for a zone": ('["Europe/Moscow"]', '["Europe"]', "careful_time_zones"),
    "a quoted amount": ("[500, 1000, 2500]", '"500"', "support.once"),
    "no amounts": ("[500, 1000, 2500]", "[]", "support.once"),
    "seven amounts": ("[500, 1000, 2500]", "[1, 2, 3, 4, 5, 6, 7]", "support.once"),
    "a broken amount": ("[500, 1000, 2500]", "[5.5]", "support.once"),
    "a contribution of nothing": ("[500, 1000, 2500]", "[0]", "support.once"),
    "an amount that is true": ("[500, 1000, 2500]", "[true]", "support.once"),
    "the least in words": ("least = 200", 'least = "two"', "support.least"),
    "the least above the most": ("least = 200", "least = 5001", "support.least"),
    "the most without end": ("most = 5000", "most = 1000000000001", "support.most"),
    "a least that nobody reaches": ("least = 200", "least = 1000000000001", "support.least"),
    "an offer without end": ("[500, 1000, 2500]", "[500, 1000000000001]", "support.once"),
    "a currency's name": ('"EUR"', '"EURO"', "support.currency"),
    "a currency nobody knows": ('"EUR"', '"EUX"', "support.currency"),
    "an unknown payment service": ('"pretend"', '"stripes"', "support.provider"),
    "no relay": ("smtps://desk:secret@mail.example.org:465", "post", "mail.send"),
    "another protocol": ("smtps://", "https://", "mail.send"),
    "a port too high": (":465", ":99999", "mail.send"),
    "no sender's address": ("letters@example.org", "letters", "mail.from_address"),
    "a name beside the address": ('"letters@', '"Us <letters@', "mail.from_address"),
    "an unknown key": ("from_address", "from_adress", "mail"),
    "an unknown table": ("[mail]", "[post]", "post"),
    "a table that is none": ("[newsroom]", "look2 = 1\n[newsroom]", "look2"),
    "a language twice": ('["en", "ru"]', '["en", "en"]', "newsroom.languages"),
    "a language we lack": ('["en", "ru"]', '["de"]', "newsroom.languages"),
    "no language": ('["en", "ru"]', "[]", "newsroom.languages"),
    "languages without a list": ('["en", "ru"]', '"en"', "newsroom.languages"),
    "an empty name": ('name = "The Sheet"', 'name = " "', "newsroom.name"),
    "a name of two lines": ('"The Sheet"', '"The\\nSheet"', "newsroom.name"),
    "a name that is a number": ('"The Sheet"', "5", "newsroom.name"),
    "no name": ('name = "The Sheet"', "", "newsroom.name"),
    "a name of two lines elsewhere": ('fa = "', 'fa = "\\n', "newsroom.names"),
    "a name in a language we lack": ('fa = "', 'de = "', "newsroom.names"),
    "a quoted demonstration": ("= false", '= "false"', "newsroom.demonstration"),
    "an unknown time zone": ("Europe/Riga", "Europe/Rigga", "newsroom.time_zone"),
    "no address of the till": ("till = ", "# ", "addresses.till"),
    "an address with a slash": ("https://example.org", "https://example.org/", "addresses.edition"),
    "a colour's name": ("#962318", "red", "look.accent"),
    "a tagline that is text": ('{en = "A sheet"}', '"A sheet"', "look.tagline"),
    "a database that is a number": (
        '"postgresql://desk:secret@db/counter"',
        "5",
        "databases.counter",
    ),
    "another database": ("postgresql://", "mysql://", "databases.counter"),
    "a desk that cannot collect": (
        '"postgresql://desk:secret@db/counter"',
        '"elsewhere"',
        "databases.counter",
    ),
}


@pytest.mark.parametrize(
    ("elsewhere", "role"),
    [
        pytest.param((), "desk", id="a newsroom in one box"),
        pytest.param(("till",), "desk", id="the desk, and the till has its own"),
        pytest.param(("default", "counter"), "till", id="the till"),
        pytest.param(("default", "till"), "counter", id="the counter"),
    ],
)
def test_a_machine_is_for_a_role_whose_database_it_holds(tmp_path, elsewhere, role):
    table = "".join(f'{name} = "elsewhere"\n' for name in elsewhere)
    databases = 'counter = "postgresql://desk:secret@db/counter"\n'

    newsroom = load(write(tmp_path, databases, table))

    assert newsroom.main_role == role
    assert [name for name in ("default", "counter", "till") if newsroom.is_elsewhere(name)] == [
        name for name in ("default", "counter", "till") if name in elsewhere
    ]


@pytest.mark.parametrize(
    ("said", "instead", "key"), [pytest.param(*case, id=name) for name, case in REFUSED.items()]
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(tmp_path, said, instead, key):
    with pytest.raises(NewsroomError) as refused:
        load(write(tmp_path, said, instead))

    assert key in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "__init__" not in str(refused.value)

import pytest
from click.testing import CliRunner

from tamizdat.lib.newsroom import NewsroomError, load
from tamizdat.site import founding
from tamizdat.site.command import tamizdat
from tamizdat.site.settings_file import Wanted, four_origins, text


def init(*words):
    return CliRunner().invoke(tamizdat, ["init", *map(str, words)])


def wanted(*, demonstration):
    origins = four_origins("https://example.org")
    return Wanted("The Sheet", ("en",), origins, demonstration=demonstration)


@pytest.mark.parametrize(
    ("demonstration", "policy"),
    [pytest.param(False, "never", id="in earnest"), pytest.param(True, "ask", id="to look at")],
)
def test_a_new_newsroom_asks_for_no_money_that_would_only_be_pretended(
    tmp_path, demonstration, policy
):
    (tmp_path / "tamizdat.toml").write_text(text(wanted(demonstration=demonstration)))

    assert load(tmp_path).policy("en", "courts") == policy


@pytest.mark.parametrize("name", ["", "  ", "The\nSheet"])
def test_a_name_that_is_none_is_refused_at_once(tmp_path, name):
    result = init(tmp_path / "sheet", "--name", name, "--yes")

    assert result.exit_code == 2
    assert "--name" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_whoever_says_yes_is_asked_nothing(tmp_path):
    result = init(tmp_path / "sheet", "--yes")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "the name must be given with --name" in result.stderr


def test_a_founding_that_failed_leaves_no_keys_behind(tmp_path):
    place = tmp_path / "sheet"
    place.mkdir()
    without_a_passphrase = ""

    with pytest.raises(NewsroomError, match="could not be furnished"):
        founding.found(place, wanted(demonstration=False), without_a_passphrase)

    assert list(tmp_path.iterdir()) == [place]
    assert list(place.iterdir()) == []

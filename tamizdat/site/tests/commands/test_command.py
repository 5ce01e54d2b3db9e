import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from django.conf import settings
from jinja2 import TemplateError

from tamizdat.lib.theme import Theme
from tamizdat.site.command import sentence, tamizdat


@pytest.mark.parametrize("span", ["xx", "40", "-3d", ""])
def test_a_span_of_time_that_is_none_is_a_mistake_of_use(newsroom, span):
    assert not newsroom.demonstration
    words = ["--newsroom", str(newsroom.folder), "clock", "--forward", span]

    result = CliRunner().invoke(tamizdat, words)

    assert result.exit_code == 2
    assert "12h, 40d or 3w" in result.stderr


def test_nobody_types_a_password_for_what_is_no_address(newsroom):
    words = ["--newsroom", str(newsroom.folder), "createuser", "ada", "--name", "Ada Holm"]

    result = CliRunner().invoke(tamizdat, words)

    assert result.exit_code == 2
    assert "no e-mail address" in result.stderr
    assert "Password" not in result.output


def test_real_readers_wait(newsroom):
    words = ["--newsroom", str(newsroom.folder), "clock", "--forward", "40d"]

    assert CliRunner().invoke(tamizdat, words).exit_code == 1


@pytest.mark.parametrize("role", ["desk", "counter", "till"])
def test_in_earnest_no_host_of_the_tests_is_answered(newsroom, role):
    code = (
        f"import os; os.environ.update(TAMIZDAT_ROLE={role!r});"
        "from tamizdat.site import settings; print(*settings.ALLOWED_HOSTS)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(run.stdout.split()) == {"127.0.0.1", "localhost"}
    assert "testserver" in settings.ALLOWED_HOSTS  # the test runner's own addition


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param("{{ nobody.told }}", id="something that is not there"),
        pytest.param("{% if %}", id="no Jinja"),
        pytest.param('{% include "absent.html" %}', id="another template that is not there"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(newsroom, mistake):
    path = newsroom.theme / "broken.html"
    path.write_text(f"<p>\n{mistake}")
    try:
        with pytest.raises(TemplateError) as caught:
            Theme(newsroom).render("broken.html", "en")
    finally:
        path.unlink()

    assert sentence(caught.value).startswith(f"Error: {path}, line 2: ")
    assert "Correct the template" in sentence(caught.value)


def test_a_missing_template_is_named(newsroom):
    with pytest.raises(TemplateError) as caught:
        Theme(newsroom).render("press/absent.html", "en")

    assert "no template press/absent.html" in sentence(caught.value).replace("'", "")


def test_what_was_not_expected_says_what_to_do():
    said = sentence(KeyError("size"))

    assert "tamizdat doctor" in said
    assert "--debug" in said


@pytest.mark.parametrize(("verb", "secret"), [("createuser", "password"), ("init", "passphrase")])
def test_a_secret_on_the_command_line_is_warned_of(verb, secret):
    options = tamizdat.get_command(None, verb).params
    option = next(each for each in options if f"--{secret}" in each.opts)
    alone = click.Command(verb, params=[option], callback=lambda **_: None)
    variable = f"TAMIZDAT_{secret.upper()}"

    assert f"Better set {variable}" in CliRunner().invoke(alone, [f"--{secret}", "x"]).stderr
    assert CliRunner().invoke(alone, [], env={variable: "x"}).stderr == ""

"""The command `tamizdat`."""

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from tamizdat import __version__
from tamizdat.lib.failures import kind, where
from tamizdat.lib.newsroom import SETTINGS_FILE, NewsroomError
from tamizdat.lib.processes import last_words
from tamizdat.lib.users import this_user
from tamizdat.site.broken_log import say_where_not_what

VERBS = {
    "init": "make a newsroom: a folder with its settings, databases and keys",
    "demo": "make and serve the demonstration newsroom",
    "serve": "serve a newsroom: edition, counter, desk and till",
    "work": "do what needs no visitor: collect, publish on time, send",
    "build": "publish what changed, or everything",
    "createuser": "let somebody in at the desk",
    "resetuser": "forget somebody's lost second step at the desk",
    "resetkey": "make a new letters.key where the old one is lost for good",
    "import": "carry articles over from another system",
    "clock": "show the clock, accept a leap, or move a demonstration's",
    "webserver": "print a configuration of nginx or Caddy for this newsroom",
    "unit": "print a unit with which systemd serves this newsroom",
    "doctor": "say whether all is well, and what a seizure would reveal",
}

NEXT_STEPS = """Tamizdat: the press of an independent newsroom.

To look around:          tamizdat demo 8000
To make a newsroom:      tamizdat init ~/newsroom --name "The Sheet" --address https://example.org
To see all commands:     tamizdat --help"""


class Verbs(click.Group):
    """The verbs, each read only when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click passes it
        """Return the verbs in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  click passes it
        name: str,
    ) -> click.Command | None:
        """Return the command of a verb, from the file of its name."""
        if name not in VERBS:
            return None
        module = import_module(f"tamizdat.site.commands.{name}_")
        command: click.Command = module.command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  click passes it
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of verbs without reading their files."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, invoke_without_command=True)
@click.option("--newsroom", type=click.Path(path_type=Path), help="The newsroom's folder.")
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where in the code an error arose."
)
@click.version_option(__version__, message="tamizdat %(version)s")
@click.pass_context
def tamizdat(ctx: click.Context, newsroom: Path | None) -> None:
    """Run the press of an independent newsroom.

    The newsroom is the folder named with --newsroom, else in TAMIZDAT_NEWSROOM, else this one.

    Example: tamizdat --newsroom ~/newsroom build
    """
    ctx.obj = newsroom
    if ctx.invoked_subcommand is None:
        click.echo(_next_steps())


def _next_steps() -> str:
    if not Path(SETTINGS_FILE).is_file():
        return NEXT_STEPS
    return (
        "This folder is a newsroom.\n\nTo serve it:       tamizdat serve\n"
        "To publish:        tamizdat build\nTo check it:       tamizdat doctor"
    )


def main() -> None:
    """Run the command line: exit 0 done, 1 refused or failed with one message, 2 usage."""
    debug = "--debug" in sys.argv
    if not debug:
        say_where_not_what()
    try:
        code: Any = tamizdat.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except Exception as error:  # the last door: a reader of the terminal gets a sentence
        last_words.say(why(error))
        if debug:
            raise
        click.echo(sentence(error), err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def sentence(error: Exception) -> str:
    """Return what to say of an error to a reader of the terminal: what, why, what to do."""
    if isinstance(error, NewsroomError):
        return f"Error: {error}"
    if type(error).__module__ == "django.db.utils" and (found := _trouble(error)):
        return f"Error: {found}"
    if isinstance(error, PermissionError) and error.filename:
        return f"Error: {_closed(error)}"
    what = (str(error).strip().splitlines() or [""])[0] or type(error).__name__
    if place := _place_in_a_template(error):
        return f"Error: {place}: {what}\nCorrect the template and run the command again."
    if type(error).__module__.startswith("jinja2."):
        return f"Error: no template {what}\nPut the file there and run the command again."
    if type(error).__module__.startswith("tamizdat."):
        pass  # its words are ours
    elif isinstance(error, OSError) and error.strerror and type(error).__module__ == "builtins":
        what = ": ".join(str(each) for each in (error.filename, error.strerror) if each)
    else:  # its words may quote an address or a password, and where we run as a service go to a log
        what = kind(error)
    return (
        f"Error: {what}\n"
        f"This was not expected ({_place(error)}). Run `tamizdat doctor` to see what is wrong,\n"
        "or the same again with `tamizdat --debug …` to see all of it."
    )


def why(error: Exception) -> str:
    """Return why a command failed, for an alert: a sentence of ours, never an error's own words."""
    if isinstance(error, NewsroomError):
        return str(error)
    if isinstance(error, PermissionError) and error.filename:
        return _closed(error)
    is_database = type(error).__module__ == "django.db.utils"
    return (is_database and _trouble(error)) or f"The cause: {where(error)}."


def _closed(error: PermissionError) -> str:
    """Return what to do about a file of another user's: what root left there, most often."""
    return (
        f"{error.filename} cannot be opened by this user ({this_user()}).\n"
        "Run `tamizdat doctor`: it names the files that are not this user's, and the command."
    )


def _trouble(error: Exception) -> str:
    """Return what to do about a database that does not serve us, "" where it is not that."""
    from tamizdat.lib.database_trouble import trouble

    is_file = type(error.__cause__).__module__ == "sqlite3"
    return {
        "away": "A database's file cannot be opened.\nRun `tamizdat doctor`: it says which and why."
        if is_file
        else "A database does not answer.\nLook whether its server runs, has room on its disk, and "
        "lets this machine in, with TLS where its address demands it, and run the command again.",
        "damaged": "A database's file is damaged.\nRun `tamizdat doctor`: it says which one.",
        "unwritable": "A database cannot be written.\nLook whether its disk is full, or may only "
        "be read, and run the command again.",
        "missing": "A database lacks tables.\nRun `tamizdat doctor`: it says which one and why.",
    }.get(trouble(error) or "", "")


def _place(error: Exception) -> str:
    """Return the innermost file and line of our own in which it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}tamizdat{os.sep}" in frame.filename]
    return f"{ours[-1].filename}, line {ours[-1].lineno}" if ours else "nowhere in our own code"


def _place_in_a_template(error: Exception) -> str:
    """Return the file and line of the innermost template in which it arose, "" for none."""
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if "__jinja_exception__" in frame.f_globals  # Jinja's mark for a template's own frame
    ]
    return f"{frames[-1][0]}, line {frames[-1][1]}" if frames else ""

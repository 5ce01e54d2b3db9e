"""`tamizdat init`."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from tamizdat.lib import users
from tamizdat.lib.newsroom import LANGUAGES, Addresses
from tamizdat.lib.newsroom.rules import is_name
from tamizdat.site.commands import secret_option
from tamizdat.site.founding import passphrase
from tamizdat.site.founding.newsroom import found
from tamizdat.site.founding.settings_file import Wanted, four_origins
from tamizdat.site.owner import refuse_root


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="The newsroom's name; asked for if missing.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(list(LANGUAGES)),
    help="A language it publishes in; the first one named is its own. [default: en]",
)
@click.option(
    "--address",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where readers find the edition: https://example.org.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/Riga.")
@click.option(
    "--passphrase",
    "phrase",
    envvar="TAMIZDAT_PASSPHRASE",
    callback=secret_option.warn,
    help="Opens the reader key. Better in TAMIZDAT_PASSPHRASE than here; made if missing.",
)
@click.option("--till-elsewhere", is_flag=True, help="The till has a machine of its own.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
def command(  # noqa: PLR0913, PLR0917  click passes one an option
    folder: Path,
    name: str | None,
    languages: tuple[str, ...],
    address: str,
    time_zone: str,
    phrase: str | None,
    *,
    till_elsewhere: bool,
    yes: bool,
) -> None:
    """Make a newsroom in a new folder.

    Example: tamizdat init ~/newsroom --name "The Sheet" --language en --language ru
    --address https://example.org --yes
    """
    refuse_root(folder.resolve())
    spoken = tuple(dict.fromkeys(languages)) or ("en",)
    named = _name(name, ask=not yes)
    wanted = Wanted(
        named, spoken, _origins(address), _zone(time_zone), till_elsewhere=till_elsewhere
    )
    if not yes:
        click.confirm(f"Make {named} in {folder.resolve()}, read at {address}?", abort=True)
    chosen = phrase or passphrase.fresh()
    found(folder, wanted, chosen)
    click.echo(f"{named} is ready in {folder.resolve()}.")
    if not phrase:
        click.echo(
            "\nThe passphrase of the reader key. It is kept nowhere: write it down.\n"
            f"Without it nobody can ever write to your subscribers again.\n\n    {chosen}\n"
        )
    tamizdat = users.command("tamizdat --newsroom", folder)
    click.echo(f"Next:\n  {tamizdat} createuser ADDRESS --name NAME --role admin")
    click.echo(f"  {tamizdat} serve")


def _name(name: str | None, *, ask: bool) -> str:
    if name is None and not ask:
        raise click.UsageError("--yes asks nothing, so the name must be given with --name.")
    chosen: str = click.prompt("The newsroom's name") if name is None else name
    if not is_name(chosen):
        raise click.BadParameter("a name is one line that is not empty", param_hint="--name")
    return chosen


def _origins(address: str) -> Addresses:
    try:
        return four_origins(address)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--address") from error


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(
            f"{name!r} is no time zone such as Europe/Riga", param_hint="--time-zone"
        ) from error
    return name

"""`tamizdat createuser`."""

from pathlib import Path

import click

from tamizdat.site.boot import boot_up_to_date
from tamizdat.site.commands import secret_option


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Refuse what is no address before anybody types a password for it."""
    from django.core.exceptions import ValidationError
    from django.core.validators import EmailValidator

    try:
        EmailValidator(message="That is no e-mail address.")(value)
    except ValidationError as error:
        raise click.BadParameter(str(error.message)) from error
    return value


@click.command("createuser")
@click.argument("address", callback=_address)
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option(
    "--role",
    type=click.Choice(["reporter", "editor", "admin"]),
    default="reporter",
    show_default=True,
    help="Reporters write, editors publish, admins also let people in.",
)
@click.option(
    "--password",
    envvar="TAMIZDAT_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    callback=secret_option.warn,
    help="Better typed at the prompt, or in TAMIZDAT_PASSWORD, than here.",
)
@click.pass_obj
def command(folder: Path | None, address: str, name: str, role: str, password: str) -> None:
    """Let somebody in at the desk.

    Example: tamizdat createuser ada@example.org --name "Ada Holm" --role editor
    """
    boot_up_to_date(folder)
    from tamizdat.desk.accounts.actions.staff import StaffError, create_user

    try:
        create_user(address, name, password, role)
    except StaffError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} may sign in as {address} ({role}).")

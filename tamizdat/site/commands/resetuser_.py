"""`tamizdat resetuser`."""

from pathlib import Path

import click

from tamizdat.site.boot import boot_up_to_date


@click.command("resetuser")
@click.argument("address")
@click.pass_obj
def command(folder: Path | None, address: str) -> None:
    """Forget a lost second step; its owner sets up another at the next sign-in.

    The password stays. Make sure that it is your colleague who asks.

    Example: tamizdat resetuser ada@example.org
    """
    boot_up_to_date(folder)
    from tamizdat.desk.accounts.actions.staff import StaffError, reset_second_step

    try:
        reset_second_step(address)
    except StaffError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{address} sets up another second step when signing in.")

"""`tamizdat resetkey`."""

from pathlib import Path

import click

from tamizdat.site.boot import boot_up_to_date


@click.command("resetkey")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.pass_obj
def command(folder: Path | None, *, yes: bool) -> None:
    """Make a new letters.key where the old one is lost and no backup has it.

    What the desk sealed with the old one is lost: it says what, and asks. Readers can still leave
    and confirm by the links in letters that were sent, but not leave by those from before an
    earlier resetkey. Stop `tamizdat serve` before, and start it afterwards.

    Example: tamizdat resetkey
    """
    newsroom = boot_up_to_date(folder)
    from tamizdat.readers.keys import KeysError
    from tamizdat.readers.lost_letters_key import LOSSES, at_stake, renew

    try:
        stake = at_stake(newsroom.keys)
        click.echo(
            f"{stake.records} records are sealed here. Those that the desk sealed itself can "
            "never be opened again without the old letters.key. They are deleted at the next "
            "unlock. Lost are:"
        )
        for loss in LOSSES:
            click.echo(f"  - {loss}")
        click.echo("Readers can still leave and confirm by letters that were sent.")
        if stake.links:
            click.echo(
                f"But {stake.links} subscriptions do not end by letters from before the last "
                "`tamizdat resetkey` any more: whoever presses the button behind "
                "the link there reads that they are unsubscribed, and goes on getting letters. "
                "They leave by a newer letter."
            )
        if not yes:
            click.confirm("No backup has the old letters.key. Make a new one?", abort=True)
        renewed = renew(newsroom.keys)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{newsroom.keys / 'letters.key'} is new. Links were made anew for "
        f"{renewed.subscriptions} subscriptions and {renewed.sign_ups} open sign-ups. "
        "Put the file into the backup."
    )

"""`tamizdat resetkey`."""

from pathlib import Path

import click

from tamizdat.site.boot import boot


@click.command("resetkey")
@click.pass_obj
def command(folder: Path | None) -> None:
    """Make a new letters.key where the old one is lost and no backup has it.

    Links in letters that were sent before lead nowhere then: readers leave by the next letter, and
    who has not confirmed signs up again. Stop `tamizdat serve` before, and start it afterwards.

    Example: tamizdat resetkey
    """
    newsroom = boot(folder)
    from tamizdat.readers.keys import KeysError
    from tamizdat.readers.lost_letters_key import renew

    try:
        renewed = renew(newsroom.keys)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{newsroom.keys / 'letters.key'} is new. Links were made anew for "
        f"{renewed.subscriptions} subscriptions, {renewed.sign_ups} open sign-ups and "
        f"{renewed.records} sealed records. Put the file into the backup."
    )

"""`tamizdat import`."""

import json
import sys
from pathlib import Path

import click

from tamizdat.lib import clock
from tamizdat.site.boot import boot_up_to_date


@click.group("import")
def command() -> None:
    """Carry articles over from another system.

    Example: tamizdat import wordpress export.xml --media uploads/
    """


@command.command("wordpress")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A copy of the old site's uploads; pictures are taken from it.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what became of everything as JSON.")
@click.pass_obj
def wordpress(folder: Path | None, file: Path, media: Path | None, *, as_json: bool) -> None:
    """Carry over posts, pages, people, categories, tags and pictures of a WordPress export.

    Everything or nothing is carried. What could not be is listed. Importing again brings up to
    date what changed in the export and was not touched at the desk since.

    Example: tamizdat import wordpress export.xml --media wp-content/uploads --json
    """
    boot_up_to_date(folder)
    from tamizdat.desk.importing.actions import import_wordpress
    from tamizdat.desk.importing.export.raw_xml import ExportError

    try:
        report = import_wordpress(file, media, clock.now(), progress=_Progress())
    except ExportError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.as_data(), ensure_ascii=False))
        return
    click.echo(report.as_text())
    click.echo("\nThe edition has it, or will within a minute where `tamizdat work` runs.")


class _Progress:
    """Counts on the terminal's error stream, so that `--json` stays clean."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self._shown:
            click.echo(f"\r{done} of {total} ", nl=done == total, err=True)

"""What a process that goes on for long says of itself: a line that keeps it from nothing."""

import click


def say(line: str, *, err: bool = False, to_a_reader: bool = False) -> None:
    """Print a line, where it can be written. A log on a full disk stops nobody who works.

    Raise an alert before you say it here. Python keeps some kilobytes that could not be written,
    and writes them with the next line for which there is room.

    Args:
        line: What is said.
        err: Whether it goes to the standard error.
        to_a_reader: Nobody needs this process once nobody reads what it says.

    Raises:
        BrokenPipeError: nobody reads it any more, `to_a_reader` that is.
    """
    try:
        click.echo(line, err=err)
    except BrokenPipeError:
        if to_a_reader:
            raise
    except OSError:
        pass

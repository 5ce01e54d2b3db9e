"""A secret that is given on the command line: everybody on the machine can read it there."""

import click
from click.core import ParameterSource


def warn(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return a secret option's value; say so where it stood on the command line."""
    if context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE:
        click.echo(
            f"Other users of this machine can read {parameter.opts[0]} on the command line, and "
            f"your shell keeps it. Better set {parameter.envvar}, or leave it out and be asked.",
            err=True,
        )
    return value

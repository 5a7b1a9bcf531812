"""The command ``flare-sim ctl``: controls a server that runs in another process."""

from __future__ import annotations

from typing import Any

import click

from flare_sim.cli.command import echo_json

__all__ = ["ctl"]


class _Described(click.Command):
    """A command whose help lists the operations there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list."""
        from flare_sim.control.operations import OPERATIONS

        rows = []
        for name, operation in OPERATIONS.items():
            takes = " ".join([*operation.takes, *(f"[{key}]" for key in operation.may_take)])
            rows.append((name, f"{operation.text}{f' ({takes})' if takes else ''}"))
        with formatter.section("Operations, and what each takes"):
            formatter.write_dl(rows)


@click.command(cls=_Described)
@click.argument("operation")
@click.argument("arguments", nargs=-1, metavar="[[NAME=]VALUE]...")
@click.option(
    "--control",
    "file",
    envvar="FLARE_SIM_CONTROL",
    show_envvar=True,
    metavar="FILE",
    help="The file in which a server says how it is controlled.",
)
def ctl(operation: str, arguments: tuple[str, ...], file: str | None) -> None:
    """Control a simulated server that runs in another process: do OPERATION, and print what it tells, as JSON.

    VALUE is JSON, or text as it stands; without a NAME it is the next one that the operation takes. "timeline" prints
    a page of HTML.

    Exits with 1 when nobody answers, or what is asked for is refused.

    \b
    Examples:
      flare-sim ctl state
      flare-sim ctl advance 3600
      flare-sim ctl fault partition lasting=30
      flare-sim ctl fault slow_replies seconds=5 at_call=3
      flare-sim ctl fault partition 'at_call={"number": 2, "by": "ann"}'
      flare-sim ctl reset lost-reply
      flare-sim ctl timeline > timeline.html
    """  # noqa: D301  (click reads the control character)
    from flare_sim.control.client import Control, ControlError
    from flare_sim.control.operations import OPERATIONS
    from flare_sim.engine.records.names import no_such

    if operation not in OPERATIONS:
        raise click.UsageError(no_such("there is no operation", operation, OPERATIONS))
    told = _arguments((*OPERATIONS[operation].takes, *OPERATIONS[operation].may_take), arguments)
    try:
        answer = Control.from_file(file).call(operation, **told)
    except ControlError as problem:
        raise click.ClickException(str(problem)) from None
    if operation == "timeline":
        click.echo(answer, nl=False)
    elif answer is not None:
        echo_json(answer)


def _arguments(names: tuple[str, ...], given: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    unnamed = iter(names)
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            name, value = next(unnamed, ""), text
        if not name or name in told:
            raise click.UsageError(f"{text!r} is one value too many")
        told[name] = _value(value)
    return told


def _value(text: str) -> Any:
    from json import loads

    try:
        return loads(text)
    except (ValueError, RecursionError):
        return text

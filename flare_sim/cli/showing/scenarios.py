"""The command ``flare-sim scenarios``: the situations that come with it, and what a file of one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flare_sim.cli.command import console, echo_json, json_option
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from flare_sim.scenarios.scenario import Scenario

__all__ = ["scenarios"]


@click.command()
@click.argument("scenario", required=False, metavar="[FILE|NAME]")
@json_option
def scenarios(scenario: str | None, as_json: bool) -> None:
    """List the scenarios that come with flare-sim, or show one of them, or see whether a TOML file is one.

    A scenario says who is there and when, how jobs end, and what breaks and when. What it takes: flare-sim run,
    run-script and nvflare with --scenario, the marker "flare" of pytest, offline(scenario=...), and
    Scenario.of(...).server() in Python.

    Exits with 1 when the file is no scenario; the message says in which line.

    \b
    Examples:
      flare-sim scenarios
      flare-sim scenarios lost-reply > mine.toml      one to begin with
      flare-sim scenarios mine.toml                   does it make sense?
      flare-sim run --scenario lost-reply jobs/hello-pt
    """  # noqa: D301  (click reads the control character)
    from flare_sim.scenarios.gallery import NAMES, in_gallery
    from flare_sim.scenarios.scenario import Scenario
    from flare_sim.scenarios.toml_text import read_text

    if scenario is None:
        _list({name: Scenario.of(name) for name in NAMES}, as_json)
        return
    try:
        found = Scenario.of(scenario)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        echo_json(found.as_mapping())
    else:
        click.echo(_printable(read_text(in_gallery(scenario) if scenario in NAMES else scenario)), nl=False)


def _printable(text: str) -> str:
    return "".join(f"{readable(line)}\n" for line in text.splitlines())


def _list(found: dict[str, Scenario], as_json: bool) -> None:
    if as_json:
        echo_json([{"name": name, "title": one.title, "description": one.description} for name, one in found.items()])
        return
    from rich.table import Table

    table = Table()
    table.add_column("scenario", no_wrap=True)
    table.add_column("what it is")
    for name, one in found.items():
        table.add_row(name, one.title)
    console().print(table)

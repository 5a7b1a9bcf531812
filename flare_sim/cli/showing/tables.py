"""The commands that show the simulator's tables: ``flare-sim lifecycle`` and ``flare-sim personalities``."""

from __future__ import annotations

import click

from flare_sim.cli.command import console, echo_json, json_option

__all__ = ["lifecycle", "personalities"]


@click.command()
@click.option("--mermaid", is_flag=True, help="As a mermaid state diagram instead of a table.")
@json_option
def lifecycle(mermaid: bool, as_json: bool) -> None:
    """Show every state a job can be in and every move between them."""
    from rich.table import Table

    from flare_sim.jobs.lifecycle import TRANSITIONS
    from flare_sim.jobs.lifecycle import mermaid as drawn

    if as_json:
        moves_of = {
            state: {event.value: target.name for event, target in row.items()} for state, row in TRANSITIONS.items()
        }
        echo_json([{"state": state.name, "status": state.status, "moves": moves} for state, moves in moves_of.items()])
        return
    if mermaid:
        click.echo(drawn(), nl=False)
        return
    moves = Table("state", "status shown", "event", "next state", title="The life of a job")
    ends = Table("state", "status shown", title="How it ends")
    for state, row in TRANSITIONS.items():
        told = (state.name, state.status)
        if not row:
            ends.add_row(*told)
        for number, (event, target) in enumerate(row.items()):
            moves.add_row(*(("", "") if number else told), event.value, target.name)
        moves.add_section()
    console().print(moves, ends)


@click.command()
@click.option("--markdown", is_flag=True, help="As a page in Markdown instead of a table.")
@json_option
def personalities(markdown: bool, as_json: bool) -> None:
    """Show what servers of NVFLARE's releases do differently from the contract, quirk by quirk.

    A simulated server is like them with SimulatedServer(personality="nvflare-2.3"), or has single quirks with
    SimulatedServer(quirks=("delete-refused-while-running",)).
    """
    from rich.table import Table

    from flare_sim.personality.page import markdown as written
    from flare_sim.personality.personalities import PERSONALITIES
    from flare_sim.personality.quirk_table import QUIRKS

    if as_json:
        having = {name: [other for other in PERSONALITIES if name in PERSONALITIES[other].quirks] for name in QUIRKS}
        echo_json([{**quirk._asdict(), "personalities": having[name]} for name, quirk in QUIRKS.items()])
        return
    if markdown:
        click.echo(written(), nl=False)
        return
    table = Table(title="What real servers do differently")
    table.add_column("quirk", no_wrap=True)
    table.add_column("what such a server does", overflow="fold")
    for name in PERSONALITIES:
        table.add_column(name.removeprefix("nvflare-"), justify="center")
    for quirk in QUIRKS.values():
        marks = ("x" if quirk.name in known.quirks else "" for known in PERSONALITIES.values())
        table.add_row(quirk.name, quirk.story, *marks)
    console().print(table)

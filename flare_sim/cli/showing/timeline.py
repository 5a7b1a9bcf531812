"""The command ``flare-sim timeline``: what happened on a system, as a page to look at."""

from __future__ import annotations

from pathlib import Path

import click

from flare_sim.cli.command import going_on, write_text
from flare_sim.untrusted_values import readable

__all__ = ["timeline"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o",
    "--output",
    default="timeline.html",
    show_default=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Where the page goes.",
)
def timeline(file: str, output: str) -> None:
    """Write a page that shows jobs and clients over time, with the calls and faults that changed them.

    FILE is what --trace wrote, or a state file (--state), which also tells the names of jobs and of all clients. The
    page is one file, and needs no network.

    \b
    Examples:
      flare-sim run jobs/hello-pt --trace trace.jsonl && flare-sim timeline trace.jsonl
      flare-sim timeline twin.flare -o twin.html
    """  # noqa: D301  (click reads the control character)
    with going_on(f"drawing {readable(file)}"):
        page = _page(file)
    write_text(output, page)
    if output != "-":
        click.echo(f"Timeline: {readable(output)}")


def _page(file: str) -> str:
    from flare_sim.disk.opening import open_regular
    from flare_sim.engine.records.timeline import timeline as drawn
    from flare_sim.engine.records.timeline_page import timeline_page
    from flare_sim.engine.trace import Trace
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.saving.records import MAGIC
    from flare_sim.server import SimulatedServer

    try:
        with open(open_regular(file)[0], "rb") as opened:
            head = opened.read(len(MAGIC))
            if head == MAGIC:  # nothing runs there, so it does not matter what behaved how
                return SimulatedServer.restore(file, behavior=JobBehavior()).timeline_page()
            trace = Trace.from_jsonl((head + opened.read()).decode())
    except OSError as problem:
        raise click.UsageError(f"{readable(file)} can't be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{readable(file)} is neither a trace nor a state file: it is no text") from None
    except ValueError as problem:
        raise click.UsageError(f"{readable(file)} is neither a trace nor a state file: {problem}") from None
    if not trace:
        raise click.UsageError(f"{readable(file)} is no trace of anything: there is nothing in it")
    return timeline_page(drawn(trace, Path(file).name))

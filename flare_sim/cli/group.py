"""The command ``flare-sim`` itself, which its subcommands belong to."""

from __future__ import annotations

import os

import click

import flare_sim
from flare_sim.cli.check import check
from flare_sim.cli.command import Commands
from flare_sim.cli.control import ctl
from flare_sim.cli.jobs import run
from flare_sim.cli.offline import nvflare, run_script
from flare_sim.cli.replay import replay
from flare_sim.cli.serve import serve
from flare_sim.cli.showing.scenarios import scenarios
from flare_sim.cli.showing.tables import lifecycle, personalities
from flare_sim.cli.showing.timeline import timeline

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(flare_sim.__version__, prog_name="flare-sim")
@click.pass_context
def main(context: click.Context) -> None:
    """An offline NVIDIA FLARE system: submit real job folders to it, no server needed, no waiting.

    \b
    Examples:
      flare-sim run jobs/hello-pt                     see a job live and end
      flare-sim run jobs/hello-pt --clients 8 --trace trace.jsonl
      flare-sim timeline trace.jsonl                  a page that shows what happened
      flare-sim check jobs/*/                         would a server accept these?
      flare-sim scenarios                             situations to try things in
      flare-sim lifecycle --mermaid > lifecycle.mmd   the state machine, drawn
      flare-sim personalities                         what real servers do differently
      flare-sim run-script train.py --rounds 5        a script on NVFLARE, unchanged
      flare-sim nvflare job submit -j jobs/hello-pt   NVFLARE's own command line
      flare-sim serve                                 a system for clients in other processes
      flare-sim replay calls.jsonl                    recorded calls, made again here

    \b
    Exit codes, where a command does not say more:
      0    all is well
      1    a job did not complete, or is refused
      2    the command line makes no sense
      3    flare-sim itself is at fault
      4    the output or a file could not be written
      130  interrupted
    """  # noqa: D301  (click reads the control character)
    if os.environ.get("NO_COLOR"):
        context.color = False


for command in (run, check, timeline, scenarios, lifecycle, personalities, run_script, nvflare, serve, replay, ctl):
    main.add_command(command)

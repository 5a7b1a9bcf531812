"""The command ``flare-contract``, a module for each of its commands."""

from __future__ import annotations

import os

import click

from contract_tests.cli.baseline import baseline
from contract_tests.cli.catalogues import clauses, mutants
from contract_tests.cli.command import Command
from contract_tests.cli.diff import diff
from contract_tests.cli.explore import explore
from contract_tests.cli.init.command import init
from contract_tests.cli.prove import prove
from contract_tests.cli.replay import replay
from contract_tests.cli.run import run
from contract_tests.cli.sweep import sweep
from contract_tests.cli.verify import verify
from contract_tests.system.temporary_folders import scratch


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flare-sim", prog_name="flare-contract")
def main() -> None:
    """Hold an implementation of the FLARE API to its contract, clause by clause.

    Plug yours in, which writes a conftest.py with a contract_tests.System, then judge it:

    \b
      flare-contract init mypackage.mymodule:MySession
      flare-contract run conftest:MySystem
    """  # noqa: D301 - click's mark of lines that stay as they are
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(scratch()))  # leave nothing in the current folder


for _command in (init, run, clauses, baseline, replay, diff, explore, verify, sweep, mutants, prove):
    main.add_command(_command)

"""``flare-contract diff``: the same calls on two systems, side by side."""

from __future__ import annotations

from dataclasses import asdict

import click

from contract_tests.cli.parameters import AS_JSON, SEED, Examples, NothingToJudge, echo_json, factory_called
from contract_tests.system import lookup


@click.command()
@click.argument("first")
@click.argument("second")
@SEED
@click.option("--examples", type=Examples(), default="100", show_default=True, help="Sequences to try.")
@AS_JSON
def diff(first: str, second: str, seed: int, examples: int, as_json: bool) -> None:
    """Perform the same calls on two systems and show the first that turn out differently, made short.

    Exit code 0 when none was found, 1 when one was.
    """
    from contract_tests.engine import differential
    from contract_tests.engine.settings import RunSettings
    from contract_tests.preflight.plug import opens_sessions
    from contract_tests.report.terminal import console, divergence_table
    from contract_tests.scenario.exceptions import NotTestable

    factories = factory_called(first), factory_called(second)
    try:
        for factory in factories:
            opens_sessions(factory)
    except lookup.BadSystem as error:
        raise NothingToJudge(str(error)) from error
    try:
        found = differential.diff(*factories, RunSettings(examples, seed))
    except NotTestable as error:
        raise NothingToJudge(f"nothing can be compared: {error}") from error
    if as_json:
        divergence = None if found is None else asdict(found)
        echo_json({"first": first, "second": second, "sequences": examples, "seed": seed, "divergence": divergence})
    elif found is None:
        click.echo(f"no difference in {examples} sequences of calls")
    else:
        console().print(divergence_table(found, first, second))
    raise click.exceptions.Exit(0 if found is None else 1)

"""``flare-contract mutants``: read the catalogue of mutants."""

from __future__ import annotations

import click

from contract_tests.cli.parameters import AS_JSON, echo_json
from contract_tests.plain_text import shown


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@AS_JSON
def mutants(names: tuple[str, ...], as_json: bool) -> None:
    """List the mutants, or those whose names begin with a NAME.

    A mutant is a server that keeps the whole contract but for one clause, with which its name begins. Prove tries the
    suite on them; pytest --flare-mutants tries the tests of an application on them. Each is a system to run, too, as
    contract_tests.mutants.systems:NAME.
    """
    from contract_tests.clauses.catalogue import CATALOGUE
    from contract_tests.mutants import mutants as called

    found = called(*names)
    if not found:
        raise click.UsageError(f"no mutant is called {shown(' or '.join(names))}")
    if as_json:
        echo_json([{key: getattr(mutant, key) for key in ("name", "clause", "difference")} for mutant in found])
        return
    clause = ""
    for mutant in found:
        if mutant.clause != clause:
            clause = mutant.clause
            click.secho(f"{clause}: {CATALOGUE[clause].statement}", bold=True)
        click.echo(f"  {mutant.name}")

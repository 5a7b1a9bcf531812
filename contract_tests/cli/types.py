"""Parameter types of the command line."""

from __future__ import annotations

from typing import Any

import click

from contract_tests.engine.examples import examples_from


class Examples(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """How many examples: a positive whole number, or the name of a profile."""

    name = "N|quick|default|deep"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of examples; anything else is wrong usage."""
        try:
            return examples_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

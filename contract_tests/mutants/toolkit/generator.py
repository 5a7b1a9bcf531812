"""Declares mutants in a loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

Body = Callable[..., Any]


class Generator:
    """Declares mutants in a loop, each under a name of its module, so that it can be named from outside."""

    def __init__(self, table: VariantTable, module: dict[str, Any]) -> None:
        self._table = table
        self._module = module

    def session(
        self, name: str, clause: str, difference: str, methods: Mapping[str, Any], base: type = Wrapper
    ) -> None:
        """A mutant whose session class has these methods."""
        self.named(name, clause, difference, type(name, (base,), {**methods, "__doc__": f"{difference.capitalize()}."}))

    def named(self, name: str, clause: str, difference: str, cls: type) -> None:
        """A mutant whose session or system is of this class, which gets the name."""
        cls.__name__ = cls.__qualname__ = name
        cls.__module__ = self._module["__name__"]
        self._module[name] = self._table.mutant(clause, difference)(cls)


def camel(name: str) -> str:
    """``get_job_meta`` or ``job-id`` as the beginning of a class's name."""
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))

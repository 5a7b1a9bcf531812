"""Declares mutants in a loop, and makes other versions of the interface's module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import spec

Body = Callable[..., Any]


def other_spec(**changes: Any) -> ModuleType:
    """The interface's module with some of its names bound to something else; None takes a name away."""
    module = ModuleType("flare_sim.spec")
    names = {name: value for name, value in vars(spec).items() if not name.startswith("__")}
    module.__dict__.update({**names, **changes})
    for name, value in changes.items():
        if value is None:
            delattr(module, name)
    return module


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

    def spec(self, name: str, clause: str, difference: str, **changes: Any) -> None:
        """A mutant whose interface module has these names bound to something else."""
        members = {"spec": other_spec(**changes), "__doc__": f"{difference.capitalize()}."}
        self.named(name, clause, difference, type(name, (WrappedSystem,), members))

    def named(self, name: str, clause: str, difference: str, cls: type) -> None:
        """A mutant whose session or system is of this class, which gets the name."""
        cls.__name__ = cls.__qualname__ = name
        cls.__module__ = self._module["__name__"]
        self._module[name] = self._table.mutant(clause, difference)(cls)


def camel(name: str) -> str:
    """``get_job_meta`` or ``job-id`` as the beginning of a class's name."""
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))

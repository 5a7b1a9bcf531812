"""What faults are made with: counters, generated classes, other versions of the interface's module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import WrappedSystem, Wrapper
from flare_sim import spec

Body = Callable[..., Any]


def count(session: Wrapper, what: str) -> int:
    """How often this was called with ``what``, by any session of the system, this time included."""
    memory = session.system.memory
    memory[what] = memory.get(what, 0) + 1
    number: int = memory[what]
    return number


def noted(session: Wrapper, what: str) -> list[Any]:
    """A list that all sessions of a system share under a name."""
    shared: list[Any] = session.system.memory.setdefault(what, [])
    return shared


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
    """Declares faults in a loop, each under a name of its module, so that it can be named from outside."""

    def __init__(self, table: VariantTable, module: dict[str, Any]) -> None:
        self._table = table
        self._module = module

    def session(self, name: str, clause: str, story: str, methods: Mapping[str, Any], base: type = Wrapper) -> None:
        """A fault whose session class has these methods."""
        self._declare(type(name, (base,), {**methods, "__doc__": f"{story.capitalize()}."}), clause, story)

    def spec(self, name: str, clause: str, story: str, **changes: Any) -> None:
        """A fault whose interface module has these names bound to something else."""
        members = {"spec": other_spec(**changes), "__doc__": f"{story.capitalize()}."}
        self._declare(type(name, (WrappedSystem,), members), clause, story)

    def _declare(self, cls: type, clause: str, story: str) -> None:
        cls.__module__ = self._module["__name__"]
        cls.__qualname__ = cls.__name__
        self._module[cls.__name__] = self._table.fault(clause, story)(cls)


def camel(name: str) -> str:
    """``get_job_meta`` or ``job-id`` as the beginning of a class's name."""
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))

"""Lets modules of an application live on a clock, for a while."""

from __future__ import annotations

import time
from contextlib import contextmanager
from types import BuiltinFunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from flare_sim.config import checked_clock
from flare_sim.on_clock.client_time import ClientTime
from flare_sim.untrusted_values import plain_label, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.clock import Clock

__all__ = ["time_in"]

_ON_CLOCK = frozenset(name for name in vars(ClientTime) if not name.startswith("_"))
"""What is another on a clock; all else is the real module's."""
_FUNCTIONS = (BuiltinFunctionType, MethodType)


@contextmanager
def time_in(clock: Clock, *modules: ModuleType | str) -> Iterator[None]:
    """While the block lasts, what modules call ``time``, and functions they have from it, go by a clock.

    ``import time``, ``from time import sleep`` and the like, under whatever name, at the top of a module; the module
    ``time`` itself stays as it is, and so do all others.  Of one inside another the inner one counts.  Whatever ends
    the block, everything is as it was afterwards.  ``datetime.now()`` stays on the machine's clock.

    Args:
        clock: such as ``server.clock``.
        modules: modules, or their names; what is not loaded yet is imported.

    Raises:
        ImportError: there is no such module.
        ValueError: no clock; neither a module nor a name.
    """
    client_time = ClientTime(checked_clock(clock))
    put: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for names in [_names_in(module) for module in modules]:
            for name, value in list(names.items()):
                other = _on_clock(client_time, value)
                if other is not None:
                    put.append((names, name, value))
                    names[name] = other
        yield
    finally:
        for names, name, value in reversed(put):
            names[name] = value


def _on_clock(client_time: ClientTime, value: object) -> Any:
    """Return what stands on a clock for ``time``, or a function from it, also on another clock; None for all else."""
    if value is time or type(value) is ClientTime:
        return client_time
    owner = getattr(value, "__self__", None) if type(value) in _FUNCTIONS else None
    name = getattr(value, "__name__", "") if owner is time or type(owner) is ClientTime else ""
    return getattr(client_time, name) if name in _ON_CLOCK else None


def _names_in(module: ModuleType | str) -> dict[str, Any]:
    if issubclass(type(module), ModuleType):
        return vars(module)
    name = plain_label(module)
    if not name or name.startswith("."):
        raise ValueError(f"time_in takes modules and their names, not {shown(module)}")
    from importlib import import_module

    return vars(import_module(name))

"""An import hook that gives a script's own modules a ``time`` that goes by the server's clock.

Nothing is changed in the module ``time``, so pytest, logging and whatever else runs here keep their clocks.  Code gets
another ``time`` by way of its builtins: the statement ``import`` calls the ``__import__`` that the module's own
``__builtins__`` hold, and those of the user's modules hold one that answers ``time`` with a ``ClientTime``.
"""

from __future__ import annotations

import builtins
import sys
import sysconfig
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flare_sim.on_clock.client_time import ClientTime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from flare_sim.clock import Clock

__all__ = ["ImportHook"]

_NEVER_OWN = frozenset({"contract_tests", "flare_sim", "nvflare"})


class ImportHook:
    """While it is entered, the user's own modules are imported with the time of a clock.

    The user's own code is what is not installed: neither the standard library, nor below any site-packages, nor
    NVFLARE or this package, wherever they are.  Modules that are loaded already keep the ``time`` they have.

    Args:
        clock: what the statement ``import time`` gives goes by it.
    """

    def __init__(self, clock: Clock) -> None:
        client_time: Any = ClientTime(clock)
        real = builtins.__import__

        def guided_import(
            name: str,
            namespace: Mapping[str, object] | None = None,
            local: Mapping[str, object] | None = None,
            fromlist: Sequence[str] = (),
            level: int = 0,
        ) -> ModuleType:
            if name == "time" and not level:
                stand_in: ModuleType = client_time
                return stand_in
            return real(name, namespace, local, fromlist, level)

        self.builtins = {**vars(builtins), "__import__": guided_import}
        """What a module's ``__builtins__`` have to be for it to see that time."""
        paths = sysconfig.get_paths()
        self._installed = {Path(paths[name]).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find one of the user's own modules; None for any other, which is then found as ever."""
        if name.partition(".")[0] in _NEVER_OWN:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader or self._is_installed(spec.loader.path):
            return None
        spec.loader = _Loader(spec.loader.name, spec.loader.path, self.builtins)
        return spec

    def __enter__(self) -> ImportHook:
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *problem: object) -> None:
        sys.meta_path.remove(self)

    def _is_installed(self, file: str) -> bool:
        parents = Path(file).resolve().parents
        return not self._installed.isdisjoint(parents) or any(part.name.endswith("-packages") for part in parents)


class _Loader(SourceFileLoader):
    """Runs a module with builtins of our own."""

    def __init__(self, name: str, path: str, given: dict[str, Any]) -> None:
        super().__init__(name, path)
        self._given = given

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self._given
        super().exec_module(module)

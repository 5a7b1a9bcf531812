"""Sessions whose methods work in some threads alone, though they may be used from several."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.wrapper import Wrapper


class _Opened(Wrapper):
    """Notes in which thread it was opened."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.thread = threading.get_ident()


_BOUND: Final[Mapping[str, tuple[str, Callable[[Any], bool], Exception]]] = {
    "InMainThread": (
        "works in the main thread alone",
        lambda session: threading.current_thread() is threading.main_thread(),
        ValueError("signal only works in main thread of the main interpreter"),
    ),
    "WhereOpened": (
        "works in the thread alone that opened the session",
        lambda session: session.thread == threading.get_ident(),
        RuntimeError("a connection can only be used in the thread that made it"),
    ),
}


def bound_to_threads(generator: Generator, clause: str, method: str) -> None:
    """Declare the sessions whose ``method`` is bound to a thread; they break ``clause``."""
    for name, (difference, fits, error) in _BOUND.items():
        generator.session(
            f"{camel(method)}{name}", clause, f"{method} {difference}", {method: _bound(method, fits, error)}, _Opened
        )


def _bound(method: str, fits: Callable[[Any], bool], error: Exception) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not fits(self):
            raise error
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body

"""Something done around every call of a session, for variants that differ in all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.wrapper import Wrapper

CALLS: Final = tuple(method.name for method in METHODS if method.name != "monitor_job")
"""Every method but monitor_job: what a callback raises or returns is not for a wrapper to touch."""

_W = TypeVar("_W", bound=type[Wrapper])


def around(act: Callable[[Any, Callable[[], Any]], Any], methods: Iterable[str] = CALLS) -> Callable[[_W], _W]:
    """A class decorator: each of the methods becomes ``act(session, call)``, where ``call()`` is what it was."""

    def wrap(cls: _W) -> _W:
        for name in methods:
            setattr(cls, name, _through(act, getattr(cls, name)))
        return cls

    return wrap


def _through(act: Callable[[Any, Callable[[], Any]], Any], method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def calling(self: Any, *args: Any, **kwargs: Any) -> Any:
        return act(self, lambda: method(self, *args, **kwargs))

    return calling

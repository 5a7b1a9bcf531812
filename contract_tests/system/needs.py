"""Needs: what a clause can take of a `System`, by name, and which of it a system lacks.

A need is called as the method or attribute that serves it, a job that behaves as asked by what its plan asks for:
``clock``, ``outage``, ``job_folder: runs``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.system.job_plan import ENDINGS, JobPlan
from contract_tests.system.system import System

PLANS: Final = ("waits", "runs", "dispatches", "mark", "oversize", *(f"ends={end!r}" for end in ENDINGS[1:]))
"""What job plans ask for, as `JobPlan.asks` says it."""

_METHODS: Final = (
    *("outage", "recover", "lose_sessions", "misbehave", "behave"),
    *("drop_client", "connect_client", "meanwhile", "stored_files"),
)
_ATTRIBUTES: Final = ("clock", "users", "restricted_user", "unknown_user", "client_names", "threads")

NEEDS: Final = (*_ATTRIBUTES[:1], *(f"job_folder: {plan}" for plan in PLANS), *_ATTRIBUTES[1:], *_METHODS)
"""Everything a clause may need, in the order in which one would see to it."""


_ENDED_BY: Final = {"outage": "recover", "misbehave": "behave"}


def endless(system: System, method: str) -> str:
    """The method that would end what a method of the system begins, if it has only the latter; else empty."""
    end = _ENDED_BY.get(method, "")
    return end if end and _serves(system, method) and not _serves(system, end) else ""


def lacking(system: System) -> list[str]:
    """The needs that a system does not serve, as far as can be seen without asking it for anything.

    What it overrides it may still not claim: `NotClaimed` says so then.
    """
    return [need for need in NEEDS if not _serves(system, need)]


def _serves(system: System, need: str) -> bool:
    member, _, plan = need.partition(": ")
    if member == "users":
        return len(system.users) > 1
    if member in _ATTRIBUTES:
        return getattr(system, member) not in (None, False, (), "")
    if plan == "waits" or (plan and system.simulated_jobs):
        return True
    return getattr(getattr(system, member), "__func__", None) is not getattr(System, member)


def need_of(function: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """The need that a method of a system serves when it is called so."""
    member = str(getattr(function, "__name__", ""))
    return f"{member}: {args[0].asks}" if args and isinstance(args[0], JobPlan) else member

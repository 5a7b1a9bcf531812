"""What a session has handed out belongs to the caller: it stays as it is, whatever is done later and by whomever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import kept, spoil

_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "server_info": ("status", "start_time"),
    "client_info": ("name", "last_connect_time"),
    "job_info": ("job_id", "app_name"),
}
"""The parts of system info, and the attributes of what is in them."""

_AT_ONE_TIME: Final = 12
"""How many values are looked at again: the newest."""


class HandedOut:
    """Values that were handed out, each with what was in it then."""

    def __init__(self, s: Scenario) -> None:
        self._s = s
        self._held: list[tuple[Any, Any]] = []

    def keep(self, value: Any) -> None:
        """Remember a value, and what is in it now."""
        self._held = [*self._held[1 - _AT_ONE_TIME :], (value, told(value))]

    def stay(self) -> None:
        """The assertion that all are as they were.

        Raises:
            Violation: one is not, or can't be looked at any more.
        """
        for value, then in self._held:
            try:
                now = told(value)
            except Exception as error:
                seen = f"looking at it {wording.error(error)}"
                raise Violation(f"{_what(value)} that was returned as before", seen) from error
            self._s.unchanged(then, now, f"{_what(value)} that was returned")


def told(value: Any) -> Any:
    """What a value says: of system info what is in its parts, of anything else a copy."""
    if not hasattr(value, "client_info"):
        return kept(value)
    return {part: _attributes(getattr(value, part, None), names) for part, names in _PARTS.items()}


def _attributes(part: Any, names: tuple[str, ...]) -> Any:
    if isinstance(part, (list, tuple)):
        return [_attributes(entry, names) for entry in part]
    return {name: getattr(part, name, None) for name in names}


def spoil_all(value: Any) -> None:
    """Change all that can be changed in a value that was returned, system info included."""
    if not hasattr(value, "client_info"):
        spoil(value)
        return
    for part, names in _PARTS.items():
        held = getattr(value, part, None)
        for entry in held if isinstance(held, list) else (held,):
            for name in names:
                with suppress(Exception):
                    setattr(entry, name, "spoilt")
        spoil(held)
        with suppress(Exception):
            setattr(value, part, [])


def _what(value: Any) -> str:
    known = ((dict, "the dict"), (list, "the list"))
    return next((what for cls, what in known if isinstance(value, cls)), "the system info")


_ACTS: Final[dict[str, Callable[[Scenario, Actor, str], object]]] = {
    "time": lambda s, actor, job: s.sleep(500.0),
    "abort": lambda s, actor, job: actor.need("abort_job", job),
    "delete": lambda s, actor, job: actor.need("delete_job", job),
    "clone": lambda s, actor, job: actor.clone(job),
    "list": lambda s, actor, job: actor.entries(detailed=True),
    "monitor": lambda s, actor, job: actor.monitor(job, Callback(answers=(True, False)), timeout=10.0),
    "close": lambda s, actor, job: actor.need("close"),
    "another's abort": lambda s, actor, job: s.open().need("abort_job", job),
}
"""What may happen to a job, or to the session, after something was handed out."""

ACTS: Final = tuple(_ACTS)


def stays(s: Scenario, state: str, act: str, ask: Callable[[Actor, str], Any]) -> None:
    """The promise that what ``ask`` returns stays as it is when something is done to a job, and when others read.

    Callers may then do as they like with what they were given: nobody else's is changed by that.
    """
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    held = HandedOut(s)
    for reader in (alice, alice, other):
        held.keep(ask(reader, job))
    _ACTS[act](s, alice, job)
    readers = (alice, other, s.open())
    for reader in readers:
        _read(reader, job)
    held.stay()
    for reader in readers:
        for value in _read(reader, job):
            spoil_all(value)
            held.stay()


def _read(reader: Actor, job: str) -> list[Any]:
    """All that a session tells of a job; what it does not tell any more is left out."""
    calls: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
        ("get_job_meta", (job,), {}),
        ("list_jobs", (), {}),
        ("list_jobs", (), {"detailed": True}),
        ("get_system_info", (), {}),
    )
    outcomes = [reader.attempt(method, *args, **kwargs) for method, args, kwargs in calls]
    return [outcome.value for outcome in outcomes if outcome.returned]

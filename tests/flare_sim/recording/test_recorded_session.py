"""Classes of sessions that record themselves, as those of scripts do that know nothing of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flare_sim import SystemClock, VirtualClock
from flare_sim.recording.notes import METHODS, Notes
from flare_sim.recording.recorded_session import clock_of, recording_class

if TYPE_CHECKING:
    from collections.abc import Callable


class Theirs:
    """Somebody's session, one of whose methods calls another."""

    username = "ann"

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer

    def list_jobs(self) -> Any:
        """Return what it was made with."""
        return self.answer

    def get_system_info(self) -> Any:
        """Return the same."""
        return [self.list_jobs()]


def _other(name: str) -> Callable[..., None]:
    def method(self: Any, *args: Any) -> None:
        """Do nothing."""

    method.__name__ = name
    return method


for _name in METHODS:
    if not hasattr(Theirs, _name):
        setattr(Theirs, _name, _other(_name))


def test_sessions_of_the_class_record_themselves() -> None:
    """By the name of the class, each introduced with its first call; what a method calls itself is part of it."""
    lines: list[dict[str, Any]] = []
    kind: Any = recording_class(Notes(lines.append, VirtualClock(), 0), Theirs)
    sessions = [kind(number) for number in range(2)]

    assert (kind.__name__, kind.__qualname__, kind.__module__) == ("Theirs", "Theirs", __name__)
    assert kind.list_jobs.__doc__ == Theirs.list_jobs.__doc__
    assert all(isinstance(session, Theirs) for session in sessions)
    assert [session.get_system_info() for session in reversed(sessions)] == [[1], [0]]
    sessions[1].list_jobs()
    assert json.dumps(lines)
    assert [(line.get("call"), line["session"], line.get("method"), line.get("user")) for line in lines] == [
        (None, 1, None, "ann"),
        (1, 1, "get_system_info", None),
        (None, 2, None, "ann"),
        (2, 2, "get_system_info", None),
        (3, 1, "list_jobs", None),
    ]


def test_whose_clock_a_session_lives_on() -> None:
    """That of a simulated server, as classes of sessions that are on one tell; nobody's else."""
    clock = SystemClock()

    class OnServer(Theirs):
        __flare_sim_scope__ = type("Scope", (), {"server": type("Server", (), {"clock": clock})})

    assert clock_of(OnServer()) is clock
    assert clock_of(Theirs()) is None

"""What was handed out: seen to change, with whatever is in it, and changed as a caller might."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.clauses.shared.handed_out import HandedOut, spoil_all, told
from contract_tests.scenario.exceptions import Violation
from flare_sim.spec import ClientInfo, JobInfo, ServerInfo, SystemInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.scenario.scenario import Scenario


def info() -> SystemInfo:
    """System info with one of everything."""
    return SystemInfo(ServerInfo("started", 1.0), [ClientInfo("site-1", 2.0)], [JobInfo("a-job", "app")])


CHANGES: list[tuple[Callable[[], Any], Callable[[Any], object]]] = [
    (lambda: {"a": {"b": [1]}}, lambda value: value["a"]["b"].append(2)),
    (lambda: [{"status": "RUNNING"}], lambda value: value[0].update(status="FINISHED:COMPLETED")),
    (info, lambda value: value.client_info.append(ClientInfo("site-2", 3.0))),
    (info, lambda value: setattr(value.client_info[0], "last_connect_time", 3.0)),
    (info, lambda value: setattr(value.server_info, "status", "stopped")),
    (info, lambda value: setattr(value, "job_info", [])),
]


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_a_change_is_seen(make: Callable[[], Any], change: Callable[[Any], object], scenario: Scenario) -> None:
    """At any depth, and in any part of system info; what is as it was is no violation."""
    held, value = HandedOut(scenario), make()
    held.keep(value)
    held.stay()
    change(value)

    with pytest.raises(Violation, match="that was returned as before"):
        held.stay()


def test_what_can_not_be_looked_at_any_more_has_changed(scenario: Scenario) -> None:
    """As a view of a session that is closed."""

    class View:
        closed = False

        @property
        def client_info(self) -> list[Any]:
            """Ask the session."""
            if self.closed:
                raise ValueError("closed")
            return []

    view, held = View(), HandedOut(scenario)
    held.keep(view)
    view.closed = True

    with pytest.raises(Violation, match=r"the system info that was returned as before.*ValueError"):
        held.stay()


@pytest.mark.parametrize("make", [info, lambda: [{"a": [1]}], lambda: {"a": {}}])
def test_everything_is_changed(make: Callable[[], Any]) -> None:
    """Nothing that was in it is left as it was."""
    value = make()
    parts = [value.server_info, *value.client_info, *value.job_info] if isinstance(value, SystemInfo) else []
    spoil_all(value)

    assert told(value) != told(make())
    assert all("spoilt" in vars(part).values() for part in parts)

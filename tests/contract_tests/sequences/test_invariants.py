"""An invariant fails for what breaks the sentence of its clause, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import try_inputs
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import WALK
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint
from contract_tests.sequences.walks import START, drawn
from flare_sim.spec import ClientInfo, SystemInfo

A_WALK: Final = {"calls": drawn("0")[: len(START) + 7]}

INVARIANTS: Final = [check for check in all_checks() if check.kind == WALK]

Spoil = Callable[[Any, Any], Any]
"""What a session makes of a right answer: told the session and the answer."""


def broken(method: str, spoil: Spoil) -> set[str]:
    """The clauses that walks find broken by a session that spoils the answers of a method."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        return spoil(self, right(self, *args, **kwargs))

    session = type("Spoilt", (Wrapper,), {method: body})
    system = type("SpoiltSystem", (WrappedSystem,), {"session": session})
    return {check.clause for check in INVARIANTS if try_inputs(check, A_WALK, system).verdict is not Verdict.MET}


def _mine(session: Any, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is listed of a session's own user: others see it all."""
    names = {job.job_id: job.submitter for job in session.system.server.jobs}
    return [entry for entry in entries if names[entry["job_id"]] == session.user]


def _clones(session: Any) -> set[str]:
    return {job.job_id for job in session.system.server.jobs if job.cloned_from}


def _renamed(clones: bool) -> Spoil:
    def spoil(session: Any, meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, "name": "x"} if (meta["job_id"] in _clones(session)) == clones else meta

    return spoil


def _of_root(clones: bool) -> Spoil:
    def spoil(session: Any, meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, "submitter_name": "root"} if (meta["job_id"] in _clones(session)) == clones else meta

    return spoil


def _no_clones_listed(session: Any, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["job_id"] not in _clones(session)]


def _starts_in_future(session: Any, info: SystemInfo) -> SystemInfo:
    info.server_info.start_time = 1e12
    return info


def _starts_later(session: Any, info: SystemInfo) -> SystemInfo:
    info.server_info.start_time = session.system.server.clock.time()
    return info


def _one_of_two_names(session: Any, info: SystemInfo) -> SystemInfo:
    clients = [ClientInfo("a-client", client.last_connect_time) for client in info.client_info]
    return SystemInfo(info.server_info, clients, info.job_info)


def _no_jobs(session: Any, info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, [])


FAULTS: Final[dict[str, tuple[str, Spoil, set[str]]]] = {
    "an id in a tuple": ("submit_job", lambda session, job: (job,), {"submit.returns-id"}),
    "a deletion that returns something": ("delete_job", lambda session, _: True, {"delete.returns-none"}),
    "a meta that is a list": (
        "get_job_meta",
        lambda session, meta: [meta],
        {"meta.dict"},
    ),
    "a list that is a tuple": ("list_jobs", lambda session, entries: tuple(entries), {"list.dicts"}),
    "system info that is text": ("get_system_info", lambda session, info: str(info), {"system.parts"}),
    "another name": ("get_job_meta", _renamed(clones=False), {"meta.name", "clone.definition"}),
    "another name of clones": ("get_job_meta", _renamed(clones=True), {"clone.definition"}),
    "another submitter": ("get_job_meta", _of_root(clones=False), {"submit.owner"}),
    "another submitter of clones": ("get_job_meta", _of_root(clones=True), {"clone.owner"}),
    "a list without clones": (
        "list_jobs",
        _no_clones_listed,
        {"clone.listed", "list.complete", "list.all", "list.own-all-sessions"},
    ),
    "nothing of other users listed": ("list_jobs", _mine, {"list.complete", "list.all"}),
    "a start in the future": ("get_system_info", _starts_in_future, {"system.start-time"}),
    "a start that moves": ("get_system_info", _starts_later, {"system.start-time-stays"}),
    "clients of one name": ("get_system_info", _one_of_two_names, {"system.clients", "system.client-names"}),
    "system info without jobs": ("get_system_info", _no_jobs, {"system.jobs"}),
}
"""A fault, and all the clauses that it breaks."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_held_against_the_clauses_it_breaks(fault: str) -> None:
    """And against no other that needs the same call for something else."""
    method, spoil, clauses = FAULTS[fault]

    assert broken(method, spoil) == clauses


def test_an_honest_session_is_accused_of_nothing() -> None:
    """So that what the others are accused of is their own."""
    assert broken("get_job_meta", lambda session, meta: meta) == set()


def test_a_system_without_a_clock_is_accused_of_nothing() -> None:
    """Judges that need to know the time go without."""

    class Timeless(SimulatedSystem):
        def __init__(self) -> None:
            super().__init__()
            self.clock = None

    calls = {"calls": drawn("0", brief=True)}
    verdicts = {check.id: try_inputs(check, calls, Timeless).verdict for check in INVARIANTS}

    assert set(verdicts.values()) == {Verdict.MET}, verdicts


def test_an_invariant_is_a_check_of_its_clause() -> None:
    """It is looked at after every call of the second half of a walk's beginning, and of the rest; of less at each."""
    table, looked = InvariantTable(), list[int]()

    @table.invariant("meta.dict")
    def invariant(view: Viewpoint) -> None:
        looked.append(view.player.jobs)

    (declared,) = table
    assert (declared.id, declared.clause, declared.kind) == ("meta.dict/always", "meta.dict", WALK)
    assert (declared.inputs, declared.each, declared.body.__name__) == ({}, {}, "invariant")
    assert try_inputs(declared, A_WALK, SimulatedSystem).verdict is Verdict.MET
    assert len(looked) == len(A_WALK["calls"]) - len(START) // 2
    looked.clear()
    try_inputs(declared, {"calls": [["abort", 0, 1], ["submit", 0, "waits"], ["sleep", 1.0]]}, SimulatedSystem)
    assert len(looked) == 2

"""What a check calls and what a variant changes: where the two don't meet, nothing can turn out differently."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import FAILING
from contract_tests.engine.runner import run_check
from contract_tests.engine.search import combinations
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import META, Change, on
from contract_tests.mutants.algebra.monitor import POLL
from contract_tests.mutants.input_sampling import in_turn
from contract_tests.mutants.kill_matrix import try_mutant
from contract_tests.mutants.reachability import METHODS, calls, changed, reached, reached_in_all
from contract_tests.mutants.systems import by_name
from contract_tests.mutants.variant import Variant
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem


def _system(session: type[Wrapper], **more: Any) -> type[WrappedSystem]:
    return type("Variant", (WrappedSystem,), {"session": session, **more})


def test_what_a_wrapper_overrides_is_what_it_changes() -> None:
    """Methods of its own and of its bases count, helpers do not, and a wrapper that has none changes nothing."""

    class Deletes(Wrapper):
        def delete_job(self, job_id: str) -> Any:
            self.note(job_id)

        def note(self, job_id: str) -> None:
            self.noted = job_id

    class Lists(Deletes):
        def list_jobs(self, *flags: bool, **named: bool) -> list[dict[str, Any]]:
            return []

    assert changed(_system(Wrapper)) == frozenset()
    assert changed(_system(Lists)) == frozenset({"delete_job", "list_jobs"})


def test_what_a_change_is_about_is_what_it_changes() -> None:
    """A step is a part of the monitor; with a class of systems, or around it one of sessions, it may be anything."""
    slow = on((META, POLL), do.first(do.sleeps(1.0)))

    class Named(WrappedSystem):
        client_names = ("only",)

    def system(*made_of: Change | type[Any]) -> type[Any]:
        return Variant("slow", "", "is slow", made_of, __name__).system

    assert changed(system(slow)) == frozenset({"get_job_meta", "monitor_job"})
    assert changed(system(slow, on("outage", do.skips))) is None
    assert changed(system(slow, Named)) is None
    assert changed(system(Wrapper, slow)) is None


def test_a_wrapper_that_remembers_something_of_its_own_is_still_known() -> None:
    """An __init__ that only sets attributes changes nothing by itself."""

    class Remembers(Wrapper):
        def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
            super().__init__(inner, system, user)
            self.seen: list[str] = []

    assert changed(_system(Remembers)) == frozenset()


class _Busy(Wrapper):
    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        super().__init__(inner, system, user)
        system.server.clock.sleep(1.0)


class _Shadows(Wrapper):
    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        super().__init__(inner, system, user)
        setattr(self, "list_jobs", list)  # noqa: B010 - hidden from the type checker


class _Other(Wrapper):
    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        super().__init__(Wrapper(inner, system, user), system, user)


class _Watches(Wrapper):
    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)


class _Owns(Wrapper):
    user = property(lambda self: "nobody", lambda self, value: None)


@pytest.mark.parametrize("session", [_Busy, _Shadows, _Other, _Watches, _Owns])
def test_a_wrapper_that_may_do_more_is_not_known(session: type[Wrapper]) -> None:
    """What acts when it is opened, or stands in the way of every name, has to be tried on everything."""
    assert changed(_system(session)) is None


def test_a_system_that_is_more_than_its_sessions_is_not_known() -> None:
    """Neither is one that has no wrappers at all."""
    assert changed(_system(Wrapper, tolerance=1.0)) is None
    assert changed(SimulatedSystem) is None


def test_what_the_plain_wrapper_fails_reaches_everything() -> None:
    """With inputs that are none of the check's nothing is known, so nothing is left out."""
    assert reached(check_called("close.returns-none"), {"no": "such input"}) == METHODS


def test_what_a_check_calls_is_seen() -> None:
    """Only that, and every method that it calls."""
    check = check_called("close.returns-none")
    called = reached(check, combinations(check)[0])

    assert "close" in called
    assert "clone_job" not in called
    assert "clone_job" in reached_in_all("clone.returns-id", RunSettings(1))


def test_calls_are_counted() -> None:
    """Of a check that makes more than two hundred and fifty, and of one that makes a few."""
    many, few = (check_called(check) for check in ("submit.new-id/many", "close.returns-none"))

    assert calls(many, in_turn(many, 0, 0)[0]) > 250
    assert 1 <= calls(few, in_turn(few, 0, 0)[0]) < 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "download.repeat/serves-a-result-only-once",
        "delete.waiting/refuses-to-delete-a-job-that-waits",
        "close.again/raises-sessionclosed-when-it-is-closed-twice",
    ],
)
def test_what_is_not_reached_is_not_broken(name: str) -> None:
    """A clause whose checks call nothing that a mutant changes is kept by it, and is not listed."""
    mutant = by_name()[name]
    methods = changed(mutant.system)
    assert methods
    apart = [
        check
        for check in ("shape.exceptions", "meta.job-id", "list.empty", "system.start-time", "clone.new-id")
        if not reached_in_all(check, RunSettings(1)) & methods
    ]

    assert len(apart) >= 2
    for check in apart:
        assert run_check(check_called(check), mutant.system, RunSettings(1)).verdict not in FAILING
    assert not set(apart) & set(try_mutant(mutant).also)

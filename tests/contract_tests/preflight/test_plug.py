"""The look at a system before any clause: what can't be judged is told once, and no honest system is stopped."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests import BadSystem, JobPlan, NotClaimed, System, check
from contract_tests.clauses.checks import check_called
from contract_tests.cli import main
from contract_tests.contract.interface import METHODS
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.variant import Variant
from contract_tests.preflight.plug import preflight
from contract_tests.reference import SimulatedSystem
from flare_sim import PERSONALITIES, Session

HERE = "tests.contract_tests.preflight.test_plug"


class NoServer(System):
    """Its server can't be reached."""

    def __init__(self) -> None:
        raise ConnectionError("nobody listens at port 8002")


class Undefined(System):
    """Defines nothing."""


class OpensNothing(System):
    """Forgets to return what it opened."""

    def open_session(self, user: str = "") -> Any:
        """Nothing."""
        return None


class OpensAClass(System):
    """Names the class of its sessions instead of making one."""

    def open_session(self, user: str = "") -> Any:
        """The class itself."""
        return Session


class OpensACoroutine(SimulatedSystem):
    """Opens sessions for those who wait."""

    async def open_session(self, user: str | None = None) -> Any:
        """A session, some time."""
        return super().open_session(user)


class _Asynchronous:
    """A session for those who wait."""


async def _later(*args: Any, **kwargs: Any) -> None:
    """Something, some time."""


for _method in METHODS:
    setattr(_Asynchronous, _method.name, _later)


class OpensAsynchronous(System):
    """Opens sessions whose methods are coroutines."""

    def open_session(self, user: str = "") -> Any:
        """A session for those who wait."""
        return _Asynchronous()


class Refused(System):
    """Lets nobody in."""

    def open_session(self, user: str = "") -> Any:
        """No session."""
        raise PermissionError("who are you?")


class _Standing:
    """A clock that stands."""

    def time(self) -> float:
        """Always the same time."""
        return 5.0

    def sleep(self, seconds: float) -> None:
        """Let no time pass."""


class StandsStill(SimulatedSystem):
    """Has a clock that does not move."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = _Standing()


class _Wordy(_Standing):
    def time(self) -> Any:
        """The time in words."""
        return "noon"


class TellsTimeInWords(SimulatedSystem):
    """Has a clock that tells no number."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = _Wordy()


class _Failing(_Standing):
    """Moves a few times, and then no more."""

    def __init__(self) -> None:
        self.now = 0.0

    def time(self) -> float:
        """Seconds, up to a quarter."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let a quarter of a second pass, once."""
        self.now = 0.25


class StopsLater(SimulatedSystem):
    """Has a clock that stands once it has moved, so that its jobs never run."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = _Failing()


class NoFolder(SimulatedSystem):
    """Fails to make a job."""

    def job_folder(self, plan: JobPlan) -> str:
        """No folder."""
        raise KeyError("template")


class RunsEverything(SimulatedSystem):
    """Runs the jobs of which it is told that they can't be scheduled."""

    def job_folder(self, plan: JobPlan) -> str:
        """A job that runs."""
        return super().job_folder(replace(plan, waits=False))


class EndsAtOnce(SimulatedSystem):
    """Has jobs that are done before anybody saw them run."""

    def job_folder(self, plan: JobPlan) -> str:
        """A job that takes no time."""
        return super().job_folder(replace(plan, runs=0.0 if plan.runs else None))


class NeverRuns(SimulatedSystem):
    """Has jobs that never run."""

    patience = 30.0

    def job_folder(self, plan: JobPlan) -> str:
        """A job that waits."""
        return super().job_folder(JobPlan(waits=True))


class Clingy(SimulatedSystem):
    """Can't be closed."""

    def close(self) -> None:
        """Fail."""
        super().close()
        raise OSError("still in use")


STOPPED = [
    (NoServer, "ConnectionError: 'nobody listens at port 8002'", "raise ConnectionError", "a constructor"),
    (Undefined, "'Undefined does not define open_session'", "", "open_session"),
    (OpensNothing, "open_session returned None", "def open_session", "submit_job, clone_job"),
    (OpensAClass, "the class Session, not an instance of it", "def open_session", "open_session"),
    (OpensACoroutine, "a coroutine", "async def open_session", "open_session"),
    (OpensAsynchronous, "methods are all coroutines", "def open_session", "open_session"),
    (Refused, "PermissionError: 'who are you?'", "raise PermissionError", "open_session"),
    (StandsStill, "time() says 5.0 before sleep() and 5.0 after it", "def sleep", "clock = None"),
    (StopsLater, "a job that runs 10 s is still SUBMITTED", "class StopsLater", "on the clock"),
    (TellsTimeInWords, "the clock does not work: TypeError", "", "clock = None"),
    (NoFolder, "job_folder, which the system offers, raised KeyError", "raise KeyError", "NotClaimed"),
    (RunsEverything, "can't be scheduled was run: it is RUNNING", "def job_folder", "min_clients"),
    (EndsAtOnce, "a job that runs 10 s is FINISHED:COMPLETED", "def job_folder", "plan.runs"),
    (NeverRuns, "a job that runs 10 s is still SUBMITTED", "def job_folder", "patience of 30 s"),
    (Clingy, "OSError: 'still in use'", "raise OSError", "a close()"),
]


@pytest.mark.parametrize(("system", "wrong", "line", "todo"), STOPPED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_can_not_be_judged_is_told_with_its_line(system: type[System], wrong: str, line: str, todo: str) -> None:
    """What is wrong, which line of the implementer's it is, and what to implement; nothing of the suite's."""
    with pytest.raises(BadSystem) as caught:
        preflight(system)
    text = str(caught.value)
    place = re.search(r"^  at:        (.+):(\d+), ", text, re.MULTILINE)

    assert wrong in text
    assert todo in text.partition("implement: ")[2]
    assert "Traceback" not in text
    assert "contract_tests/scenario" not in text
    assert bool(place) == bool(line or system is TellsTimeInWords)
    if line and place:
        assert line in Path(place[1]).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]


COMMANDS = [
    ["run", "-q", "--json", "report.json"],
    ["baseline", "--write", "report.json"],
    ["diff", "contract_tests.reference:SimulatedSystem"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_ends_with_one_failure_and_no_report(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, what is wrong, and nothing written."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [command[0], f"{HERE}:OpensNothing", *command[1:]])
    left = list(tmp_path.iterdir())

    assert result.exit_code == 2
    assert left == []
    assert result.output.count("open_session returned None") == 1
    assert "verdict" not in result.output


def test_the_function_raises_instead_of_reporting() -> None:
    """`check` says of such a system that it is none."""
    with pytest.raises(BadSystem, match="open_session returned None"):
        check(OpensNothing)


@pytest.mark.parametrize("variant", all_conforming_variants(), ids=lambda variant: variant.name)
def test_no_conforming_variant_is_stopped(variant: Variant) -> None:
    """However unusual a system is that keeps the contract, it is judged."""
    preflight(variant.system)


@pytest.mark.parametrize("personality", sorted(PERSONALITIES))
def test_no_servers_like_real_ones_are_stopped(personality: str) -> None:
    """What NVFLARE's servers do differently is for the clauses."""
    preflight(type("Real", (SimulatedSystem,), {"personality": personality}))


def test_a_mutant_is_judged_and_not_looked_at() -> None:
    """A system that the look would stop is tried all the same where a check alone is run, as the kill matrix does."""
    result = run_check(check_called("close.again"), RunsEverything, RunSettings(1))

    assert result.verdict is Verdict.MET
    assert len(all_mutants()) > 0


class LacksOne(SimulatedSystem):
    """Opens sessions without one of the methods."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that can't submit, though it can do the rest."""
        session = super().open_session(user)
        return type("Lacking", (), {"__getattr__": lambda _, name: _all_but_submit(session, name)})()


def _all_but_submit(session: Any, name: str) -> Any:
    if name == "submit_job":
        raise AttributeError("no attribute 'submit_job'")
    return getattr(session, name)


def test_a_session_without_one_method_is_judged() -> None:
    """The clause about methods is broken, others say what they lack, without the suite's own lines."""
    report = run_suite(LacksOne, RunSettings(1), clauses=["shape.methods", "clone.returns-id", "shape.signature.close"])
    told = {entry.clause.id: entry for entry in report.clauses}

    assert told["shape.methods"].verdict is Verdict.VIOLATED
    assert told["shape.signature.close"].verdict is Verdict.MET
    assert told["clone.returns-id"].verdict is Verdict.NOT_TESTABLE
    assert (
        told["clone.returns-id"].message
        == "the session has no submit_job: AttributeError: \"no attribute 'submit_job'\""
    )


class ClaimsLittle(SimulatedSystem):
    """Runs everything at once, and says so."""

    def job_folder(self, plan: JobPlan) -> str:
        """Plain jobs alone."""
        if plan != JobPlan(name=plan.name):
            raise NotClaimed("jobs that do as planned")
        return super().job_folder(plan)


def test_what_is_not_claimed_is_not_asked_for() -> None:
    """Of jobs by plan nothing is wanted that job_folder does not offer."""
    preflight(ClaimsLittle)


class Odd(SimulatedSystem):
    """Breaks in the middle of the look, as only the clauses may say."""

    def open_session(self, user: str | None = None) -> Any:
        """A session whose metas are no metas."""
        session = super().open_session(user)
        session.get_job_meta = lambda job_id: ["no", "meta"]
        return session


class OddIds(SimulatedSystem):
    """Gives ids that are none."""

    def open_session(self, user: str | None = None) -> Any:
        """A session whose ids can't be looked up."""
        session = super().open_session(user)
        session.submit_job = lambda job_definition_path: [job_definition_path]
        return session


class Forgetful(SimulatedSystem):
    """Refuses every job."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that submits nothing."""
        session = super().open_session(user)
        session.submit_job = lambda job_definition_path: 1 / 0
        return session


class Remembers(SimulatedSystem):
    """Answers from memory."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that asks for a meta once."""
        session = super().open_session(user)
        session.get_job_meta = cache(session.get_job_meta)
        return session


class KnowsTheEnd(SimulatedSystem):
    """Tells of a job's end as soon as it is there."""

    def open_session(self, user: str | None = None) -> Any:
        """A session whose metas are those of completed jobs, though its lists tell the truth."""
        session = super().open_session(user)
        meta = session.get_job_meta
        session.get_job_meta = lambda job_id: {**meta(job_id), "status": "FINISHED:COMPLETED"}
        return session


@pytest.mark.parametrize("system", [Odd, OddIds, Forgetful, Remembers, KnowsTheEnd])
def test_what_the_clauses_are_about_is_left_to_them(system: type[System]) -> None:
    """Metas, ids and submissions that are wrong stop no run, nor does a session that is out of date."""
    preflight(system)


class SlowReplies(SimulatedSystem):
    """Takes longer to answer than the jobs take that are looked at."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that answers after 20 s."""
        session, clock = super().open_session(user), self.server.clock
        submit = session.submit_job

        def slowly(path: str) -> Any:
            job = submit(path)
            clock.sleep(20.0)
            return job

        session.submit_job = slowly
        return session


def test_a_job_that_was_done_before_the_reply_came_is_no_fault() -> None:
    """How long a job ran is counted from before it was submitted."""
    preflight(SlowReplies)

"""A run as a behavior function sees it: what it may write, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import JobBehavior, Run
from flare_sim.engine.history import History, Notes, Program
from flare_sim.engine.job import Output
from tests.flare_sim.job_samples import new_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.engine.job import Job


def job_in_round() -> Job:
    """A job of which a round of 60 seconds is behind it, and another one is over now."""
    job = new_job()
    job.apps = {"server": "app", "a": "app", "b": "app"}
    history = History(rounds=1).gone_on(1_000_000)
    job.output = Output({}, 0, program=Program(JobBehavior(rounds=3, every=60), 180_000_000), history=history)
    return job


def test_a_run_that_begins_has_no_round() -> None:
    """And no time behind it; all clients that take part are there unless said otherwise."""
    run = Run(job_in_round(), 5_000_000)

    assert (run.round, run.elapsed, run.time, run.sites) == (None, 0, 5, ("a", "b"))
    assert run.noted() is None


def test_a_run_knows_its_round() -> None:
    """How long it was under way, and who is there."""
    run = Run(job_in_round(), 121_000_000, ["b"], 1)

    assert (run.round, run.elapsed, run.time, run.sites) == (1, 120, 121, ("b",))


def test_random_numbers_follow_from_the_job_and_the_round() -> None:
    """However often somebody asks."""
    job = job_in_round()
    drawn = [Run(job, 0, (), number).random.random() for number in (None, 0, 1, 1)]
    other = new_job(1)

    assert drawn[2] == drawn[3]
    assert len({*drawn, Run(other, 0).random.random()}) == 4


def test_what_is_written_is_written_then_or_later() -> None:
    """Now, as files of its beginning or at the time of the round, or at the time that is said."""
    begins, goes_on = Run(job_in_round(), 0), Run(job_in_round(), 121_000_000, ["a"], 1)
    for run in (begins, goes_on):
        run.write("now", "x")
        run.files["also"] = b"y"
        run.write("later", "z", at=120.5)
        run.log("a")
        run.log("b", at=200)
    goes_on.report("a", {"loss": 1})
    goes_on.report("server", {"best": 2})

    later = (120_500_000, "later", b"z")
    assert begins.files.plain == goes_on.files.plain == {"now": b"x", "also": b"y"}
    assert begins.noted() == Notes((later,), ((0, "a"), (200_000_000, "b")))
    assert goes_on.noted() == Notes(
        ((120_000_000, "now", b"x"), (120_000_000, "also", b"y"), later),
        ((120_000_000, "a"), (200_000_000, "b")),
        ((1, "a", (("loss", 1),)), (1, "server", (("best", 2),))),
    )


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda run: run.write("a", "", at=119), "at must be a number of seconds from 120 (now) to 10**9, not 119"),
        (lambda run: run.write("a", "", at="x"), "at must be a number of seconds from 120 (now) to 10**9, not 'x'"),
        (lambda run: run.write("/a", "", at=200), "'/a' is not a plain relative path"),
        (lambda run: run.write("a", 1, at=200), "a result file holds text or bytes, not 1"),
        (lambda run: run.log("a", at=2e9), "at must be a number of seconds from 120 (now) to 10**9, not 2000000000.0"),
        (lambda run: run.log("a\nb"), "a line of a log is one line of text, not 'a\\nb'"),
        (lambda run: run.report("b", {}), "'b' has no part in the round"),
        (lambda run: run.report(1, {}), "1 has no part in the round"),
        (lambda run: run.report("a", [1]), "metrics must be numbers by name, not [1]"),
        (lambda run: run.report("a", {"loss": "x"}), "metrics: 'loss' must be a number, not 'x'"),
    ],
)
def test_what_makes_no_sense_is_refused(act: Callable[[Any], None], said: str) -> None:
    """With what it is; nothing is noted then."""
    run = Run(job_in_round(), 121_000_000, ["a"], 1)
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        act(run)

    assert run.noted() is None


def test_before_the_first_round_there_is_nothing_to_report() -> None:
    """A run that is about to begin has reached nothing."""
    with pytest.raises(ValueError, match=r"^no round is over yet, so there is nothing to report$"):
        Run(job_in_round(), 0).report("a", {"loss": 1})

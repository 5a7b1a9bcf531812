"""Files of scenarios are read, and what is played is written down so that it can be replayed."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.nvflare.recordings.replay import differences, replay
from tests.nvflare.recordings.simulated import SimulatedStage
from tests.poc.record import Scenario, asked, record, scenarios_in

RELEASE = version("nvflare")
TEXT = """
# a comment
scenario one
submit quick   # two steps
? list_jobs limit=2 reverse=true -> names

scenario two (2.3)
? close
"""


class Played(SimulatedStage):
    """A stage that can be recorded without a live system."""

    def meta(self, job_id: str) -> dict[str, Any]:
        """The meta of a job."""
        metas: list[dict[str, Any]] = self.session(self.administrator).list_jobs(detailed=True)
        return next(meta for meta in metas if meta["job_id"] == job_id)


def test_scenarios_are_read() -> None:
    """Comments are left out, and so is what is for another release."""
    one = Scenario("one", ("submit quick", "? list_jobs limit=2 reverse=true -> names"))

    assert scenarios_in(TEXT, "2.9") == [one]
    assert scenarios_in(TEXT, "2.3") == [one, Scenario("two", ("? close",))]
    with pytest.raises(ValueError, match="begins with 'scenario NAME', not with 'wait 1'"):
        scenarios_in("wait 1", "2.9")


def test_a_line_asks_for_a_call() -> None:
    """With arguments, and what is to be taken of the result."""
    told = {"do": "list_jobs", "args": [], "kwargs": {"limit": 2, "reverse": True}, "take": "names"}

    assert asked("? list_jobs limit=2 reverse=true -> names") == told
    assert asked("?close") == {"do": "close", "args": []}


def test_the_scenarios_that_come_with_it_can_be_read() -> None:
    """On either release."""
    text = (Path(__file__).parent / "scenarios" / "held-out.txt").read_text(encoding="utf-8")

    assert len(scenarios_in(text, "2.9")) > len(scenarios_in(text, "2.3")) > 10
    assert all(asked(line) for one in scenarios_in(text, "2.9") for line in one.lines if line.startswith("?"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Flask's, which NVFLARE 2.3 loads when it is first used
def test_what_is_recorded_is_replayed_by_nobodys_hand(tmp_path: Path) -> None:
    """Every call has the steps that lead to it, the calls before it among them, those that raised as such."""
    lines = (
        "submit quick",
        "? get_job_meta nosuch",
        "? monitor_job @job 60 0.5",
        "? get_job_meta @job -> status",
        "? delete_job @job",
        "? clone_job @job",
    )
    seen = record(Scenario("a life", lines), Played(RELEASE, tmp_path))  # type: ignore[arg-type]

    assert [item["do"] for item in seen] == [
        "get_job_meta",
        "monitor_job",
        "get_job_meta",
        "delete_job",
        "clone_job",
    ]
    assert seen[-1]["given"] == [
        "submit quick",
        "try get_job_meta nosuch",
        "call monitor_job @job 60 0.5",
        "call get_job_meta @job",
        "call delete_job @job",
    ]
    assert seen[-1]["raised"] == "JobNotFound"
    assert seen[0]["ran"] == {"quick": pytest.approx(7.1, abs=0.2)}
    for observation in seen:
        assert (
            differences({**observation, "seconds": replay(observation, RELEASE).seconds}, replay(observation, RELEASE))
            == []
        )

"""The replay of recordings can fail: every difference is told, and every step does what it says or is told, too."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest

from tests.nvflare.recordings.replay import Outcome, differences, observations, replay, tolerance
from tests.nvflare.recordings.scene import call_in
from tests.nvflare.recordings.words import Words

RELEASE = version("nvflare")
UNKNOWN = {"do": "get_job_meta", "args": ["abc"], "raised": "JobNotFound", "says": "no such job: abc", "seconds": 0.01}


def seen(**changes: Any) -> list[str]:
    """What differs when the unknown job is asked for, and this was recorded."""
    observation = {**UNKNOWN, **changes}
    return differences(observation, replay(observation, RELEASE))


def test_what_agrees_differs_in_nothing() -> None:
    """And it reached the simulator."""
    assert seen() == []
    assert replay(UNKNOWN, RELEASE).arrived


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"says": "no such job: abd"}, "says: recorded 'no such job: abd', here 'no such job: abc'"),
        ({"says": "no such job: abc "}, "says: recorded 'no such job: abc ', here 'no such job: abc'"),
        ({"raised": "KeyError"}, "raised: recorded 'KeyError', here 'JobNotFound'"),
        ({"seconds": 2.0}, "seconds: recorded 2.000, here 0.001"),
        ({"given": ["leap"]}, "not replayed: KeyError('leap')"),
        ({"given": ["wait 1", "no clients"]}, "not replayed: KeyError('no')"),
        ({"given": ["submit quick", "until FINISHED:ABORTED"]}, "not replayed: AssertionError"),
        ({"given": ["call get_job_meta abc"]}, "not replayed: JobNotFound('no such job: abc')"),
    ],
)
def test_a_difference_is_told(changes: dict[str, Any], told: str) -> None:
    """Whether it is in a letter, a type, the time, or on the way to the situation."""
    (line,) = seen(**changes)

    assert line.startswith(told)


def test_a_value_is_compared_to_its_depth() -> None:
    """And where nothing of it was recorded, its type alone."""
    outcome = Outcome({"returned": "dict", "value": {"a": [1, {"b": "x"}]}}, 0.0, arrived=True)
    recorded = {"returned": "dict", "value": {"a": [1, {"b": "y"}]}, "seconds": 0.0}

    assert len(differences(recorded, outcome)) == 1
    assert differences({"returned": "dict", "seconds": 0.0}, outcome) == []
    assert len(differences({"returned": "list", "seconds": 0.0}, outcome)) == 1


@pytest.mark.parametrize(
    ("do", "args", "given", "arrived"),
    [
        ("list_jobs", [], [], True),
        ("list_jobs", [], ["close"], False),
        ("get_job_meta", [""], [], False),
        ("submit_job", ["@folder/quick"], [], True),
        ("submit_job", ["@folder/nosuch"], [], False),
        ("new_insecure_session", ["@kit"], ["kill"], True),
    ],
)
def test_what_reaches_the_simulator_is_measured(do: str, args: list[Any], given: list[str], arrived: bool) -> None:
    """What the client decides by itself does not, whichever method it is."""
    assert replay({"do": do, "args": args, "given": given, "seconds": 0.0}, RELEASE).arrived is arrived


def test_every_observation_has_a_time() -> None:
    """It is what the real call took."""
    assert all(item["seconds"] >= 0 for item in observations(RELEASE))
    assert tolerance(0) < tolerance(10) < 2
    assert tolerance(0, load=0.5) == tolerance(0) < tolerance(0, load=6.0) < 1


def test_a_call_is_read_from_text() -> None:
    """Plain words, JSON, and arguments by name."""
    text = 'monitor_job @job 0.5 "a b" ["x", 1] poll_interval=0.2 cb=@cb[true,"!KeyError k",false] none=null'
    named = {"poll_interval": 0.2, "cb": '@cb[true,"!KeyError k",false]', "none": None}

    assert call_in(text) == ("monitor_job", ["@job", 0.5, "a b", ["x", 1]], named)


def test_words_leave_out_only_what_differs_from_run_to_run() -> None:
    """Ids, times and folders become marks; orders of sets are sorted."""
    words = Words({"/tmp/x/jobs/": "@folder/"})
    seen = {"id": "0f7dcba3-7a8f-4d36-9be5-395398e96bc6", "at": 1795468942.47, "name": "quick", "took": "0:00:09.79"}

    assert words.value(seen) == {"id": "@id", "at": "@time", "name": "quick", "took": "@duration"}
    assert words.text("'/tmp/x/jobs/quick' is at 10:00") == "'@folder/quick' is at 10:00"
    assert words.value(["b", "a"]) == ["b", "a"]
    assert words.value(["site-2", "site-1"]) == ["site-1", "site-2"]

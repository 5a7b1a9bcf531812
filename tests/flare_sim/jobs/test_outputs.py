"""What a behavior says of the course of a run: every part is checked, and what is wrong is said with what it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flare_sim import JobBehavior
from flare_sim.jobs.outputs import (
    MOST_ROUNDS,
    log_line,
    metric_values,
    metrics,
    metrics_as_given,
    of_round,
    path_of_round,
)

BAD_FIELDS: list[tuple[str, Any, str]] = [
    ("rounds", 0, "rounds must be a whole number from 1 to 10000, not 0"),
    ("rounds", MOST_ROUNDS + 1, "rounds must be a whole number from 1 to 10000, not 10001"),
    ("rounds", 2.0, "rounds must be a whole number from 1 to 10000, not 2.0"),
    ("rounds", True, "rounds must be a whole number from 1 to 10000, not True"),
    ("every", -1, "every must be a number of seconds from 0 to 1000000000, not -1"),
    ("metrics", "fedprox", "metrics must be 'fedavg' or an object of sites, not 'fedprox'"),
    ("metrics", {"": {}}, "metrics must be lists by name for each site, not {} for ''"),
    ("metrics", {"a": [1]}, "metrics must be lists by name for each site, not [1] for 'a'"),
    ("metrics", {"a": {"": [1]}}, "metrics: '' is no name of a metric"),
    ("metrics", {"a": {"loss": 1}}, "metrics: 'loss' must be a list of numbers, one for each round, not 1"),
    ("metrics", {"a": {"loss": [float("nan")]}}, "metrics: 'loss' must be a number, not nan"),
    ("metrics", {"a": {"loss": [10**400]}}, "metrics: 'loss' must be a number, not a value of type int"),
    ("round_files", ["a"], "round_files must be an object of path to text, not ['a']"),
    ("round_files", {"log.txt/{round}": ""}, "round_files: 'log.txt/10000' is where the server keeps log.txt"),
    ("round_files", {"../{round}": ""}, "round_files: '../10000' is not a plain relative path"),
    ("round_files", {"a": 1}, "a result file holds text or bytes, not 1"),
    ("round_files", {"a": "", "a/b": ""}, "round_files: 'a' is both a file and a folder"),
    ("timed_files", {"a": ""}, "timed_files must be a list of [seconds, path, text], not {'a': ''}"),
    ("timed_files", [[1, "a"]], "timed_files must be a list of [seconds, path, text], not of [1, 'a']"),
    ("timed_files", ["abc"], "timed_files must be a list of [seconds, path, text], not of 'abc'"),
    ("timed_files", [[None, "a", ""]], "timed_files: a time must be a number of seconds, not None"),
    ("timed_files", [[-1, "a", ""]], "timed_files: a time must be a number of seconds from 0 to 1000000000, not -1"),
    ("timed_files", [[1, "/a", ""]], "timed_files: '/a' is not a plain relative path"),
    ("timed_files", [[1, 7, ""]], "timed_files: 7 is not a path of a result file"),
    ("log_lines", "ab", "log_lines must be a list of [seconds, text], not 'ab'"),
    ("log_lines", [[1, 2, 3]], "log_lines must be a list of [seconds, text], not of [1, 2, 3]"),
    ("log_lines", [["1", "a"]], "log_lines: a time must be a number of seconds from 0 to 1000000000, not '1'"),
    ("log_lines", [[1, "a\nb"]], "a line of a log is one line of text, not 'a\\nb'"),
    ("log_lines", [[1, "a\n"]], "a line of a log is one line of text, not 'a\\n'"),
    ("log_lines", [[1, "ab\n"]], "a line of a log is one line of text, not 'ab\\n'"),
    ("log_lines", [{1: 2, 3: 4}], "log_lines must be a list of [seconds, text], not of {1: 2, 3: 4}"),
    ("metrics", {"a": {"loss": {1: 2}}}, "metrics: 'loss' must be a list of numbers, one for each round, not {1: 2}"),
    ("log_lines", [[1, b"a"]], "a line of a log is one line of text, not a value of type bytes"),
    ("log_lines", [[1, "a" * 10_001]], "a line of a log has at most 10000 letters, not 10001"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD_FIELDS)
def test_what_is_wrong_with_a_field_is_said(field: str, value: Any, said: str) -> None:
    """What it may be, and what it is; the same from a job's meta."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        JobBehavior(**{field: value})
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        JobBehavior.from_mapping({field: value})


def test_what_is_said_is_kept_as_it_was_then() -> None:
    """In plain values that nobody changes: seconds as numbers, text as bytes."""
    given: dict[str, Any] = {
        "rounds": MOST_ROUNDS,
        "every": 1,
        "metrics": {"a": {"loss": [2, 0.5]}},
        "round_files": {"r{round}": "{round}"},
        "timed_files": [[1, "a", "x"], (2, "a/b", b"y")],
        "log_lines": [[0, ""], (1.5, "a")],
    }
    behavior = JobBehavior(**given)
    given["metrics"]["a"]["loss"].append(1)
    given["timed_files"].clear()

    assert behavior[-6:] == (
        10_000,
        1.0,
        (("a", (("loss", (2, 0.5)),)),),
        (("r{round}", b"{round}"),),
        ((1.0, "a", b"x"), (2.0, "a/b", b"y")),
        ((0.0, ""), (1.5, "a")),
    )
    assert metrics_as_given(behavior.metrics) == {"a": {"loss": [2, 0.5]}}
    assert hash(behavior) == hash(behavior._replace())
    assert repr(behavior).startswith("JobBehavior(rounds=10000, every=1.0, metrics={'a': {'loss': [2, 0.5]}}, ")


def test_nothing_is_said_of_what_is_left_out() -> None:
    """None in each field."""
    assert JobBehavior(run_seconds=1)[-6:] == (None,) * 6


def test_the_last_of_two_metrics_of_one_name_counts() -> None:
    """As in a dict."""
    assert metric_values({"loss": 1, "accuracy": 0.5}) == (("loss", 1), ("accuracy", 0.5))
    assert metric_values({"loss": 1e300, "gain": -1e300}) == (("loss", 1e300), ("gain", -1e300))
    assert metrics({"a": {}}) == (("a", ()),)
    with pytest.raises(ValueError, match=r"^metrics must be numbers by name, not \[1\]$"):
        metric_values([1])


@pytest.mark.parametrize(
    ("path", "site", "lies_at"),
    [
        ("app_{site}/{round}", "site-1", "app_site-1/7"),
        ("{round}/{round}", "", "7/7"),
        ("{site}", "a/b", "a/b"),
        ("{site}", "..", None),
        ("{site}", "app_server", None),
        ("{site}/x", "log.txt", None),
        ("{site}", "x" * 300, None),
    ],
)
def test_where_a_rounds_file_lies(path: str, site: str, lies_at: str | None) -> None:
    """Nowhere, if the name of a site is none that a file can have."""
    assert path_of_round(path, 7, site) == lies_at


def test_what_a_rounds_file_holds() -> None:
    """The number of the round, and the name of the site, of whatever letters."""
    assert of_round(b"\xff{round}{site}", 12, "\ud83d") == b"\xff12\xed\xa0\xbd"


def test_a_line_may_be_empty_and_have_half_a_letter() -> None:
    """It is written as it is."""
    assert [log_line(line) for line in ("", "\ud83d", "a" * 10_000)] == ["", "\ud83d", "a" * 10_000]

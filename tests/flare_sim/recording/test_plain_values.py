"""Values as JSON has them: whatever they are, without running what is theirs."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import ClientInfo, JobInfo, MonitorReturnCode, ServerInfo, SystemInfo
from flare_sim.recording.plain_values import from_plain, plain
from tests.flare_sim.hostile_values import HOSTILE, RAN

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
VALUES = st.recursive(SCALARS, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=10)


class Color(str, Enum):
    """One that is text as well."""

    RED = "red"


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    """What a call is given is given again."""
    told = json.loads(json.dumps(plain(value)))

    assert repr(from_plain(told)) == repr(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MonitorReturnCode.TIMEOUT, {"$type": "MonitorReturnCode", "name": "TIMEOUT"}),
        (Color.RED, {"$type": "Color", "name": "RED"}),
        (Path("a/b"), "a/b"),
        ((1, 2), [1, 2]),
        (10**400, {"$type": "int", "text": "a value of type int"}),
        ({1: 2}, {"$type": "dict", "text": "{1: 2}"}),
        (print, {"$type": "builtin_function_or_method", "text": "a value of type builtin_function_or_method"}),
        (
            SystemInfo(ServerInfo("stopped", 5.0), [ClientInfo("a", 6.0)], [JobInfo("i", "app")]),
            {
                "$type": "SystemInfo",
                "server_info": {"$type": "ServerInfo", "status": "stopped", "start_time": 5.0},
                "client_info": [{"$type": "ClientInfo", "name": "a", "last_connect_time": 6.0}],
                "job_info": [{"$type": "JobInfo", "job_id": "i", "app_name": "app"}],
            },
        ),
    ],
)
def test_what_json_does_not_have_is_an_object_that_says_so(value: Any, expected: Any) -> None:
    """With its type."""
    assert plain(value) == expected


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: type(value).__name__)
def test_nothing_of_a_value_runs(value: Any) -> None:
    """However it lies, it is told in JSON."""
    del RAN[:]

    assert json.dumps(plain(value))
    assert RAN == []


def test_what_has_itself_in_it_ends_somewhere() -> None:
    """At a depth that nobody means."""
    ring: list[Any] = []
    ring.append(ring)

    assert json.dumps(plain(ring)).count("[") < 100

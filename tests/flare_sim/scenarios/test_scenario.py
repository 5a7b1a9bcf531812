"""Scenarios: the same in Python and in TOML, what a server makes of them, and which make no sense."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import (
    PERSONALITIES,
    Client,
    JobBehavior,
    NoConnection,
    Scenario,
    ServerConfig,
    User,
    VirtualClock,
)
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = '''
title = "All there is"
description = """
Of each kind one,
and more."""
seed = 7
start = 2026-03-01T10:00:00+02:00
personality = "nvflare-2.9"
quirks = ["abort-lingers"]
progress = "time"

[config]
max_jobs = 2
project = "ward 7"

[[clients]]
name = "site-1"
resources = { num_of_gpus = 2, mem_per_gpu_in_GiB = 16.5 }
drops = [60, 120]
returns = 90

[[clients]]
name = "site-2"
joins = 30
leaves = 600

[[users]]
name = "ann"
org = "hospital"
role = "member"
changes = [{ at = 20, role = "lead" }]

[[users]]
name = "ben"
joins = 5
revoked = 50

[jobs."train-*"]
run_seconds = 30
metrics = { site-1 = { loss = [0.5, 0.25] } }
result_files = { "app_server/FL_global_model.pt" = "weights" }
timed_files = [[3, "note", "three"]]

[[jobs.flaky]]
outcome = "EXECUTION_EXCEPTION"

[[jobs.flaky]]
run_seconds = 3

[[faults]]
fault = "partition"
at = [10, 40]
lasting = 5

[[faults]]
fault = "slow_replies"
seconds = 2
at_call = 3
of = "submit_job"
by = "ann"
answered = true

[[faults]]
fault = "fail_deploy"
site = "site-2"
times = 2
'''
IN_PYTHON = Scenario(
    title="All there is",
    description="Of each kind one,\nand more.",
    seed=7,
    start=datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=2))),
    personality="nvflare-2.9",
    quirks=["abort-lingers"],
    progress="time",
    config=ServerConfig(max_jobs=2, project="ward 7"),
    clients=[
        {
            "name": "site-1",
            "resources": {"num_of_gpus": 2, "mem_per_gpu_in_GiB": 16.5},
            "drops": [60, 120],
            "returns": [90],
        },
        {"name": "site-2", "joins": 30, "leaves": 600},
    ],
    users=[
        {"name": "ann", "org": "hospital", "role": "member", "changes": [{"at": 20, "role": "lead"}]},
        {"name": "ben", "joins": 5, "revoked": 50},
    ],
    jobs={
        "train-*": JobBehavior(
            run_seconds=30,
            metrics={"site-1": {"loss": [0.5, 0.25]}},
            result_files={"app_server/FL_global_model.pt": b"weights"},
            timed_files=[(3, "note", "three")],
        ),
        "flaky": [{"outcome": "EXECUTION_EXCEPTION"}, JobBehavior(run_seconds=3)],
    },
    faults=[
        {"fault": "partition", "at": [10, 40], "lasting": 5},
        {
            "fault": "slow_replies",
            "seconds": 2,
            "at_call": 3,
            "of": "submit_job",
            "by": "ann",
            "answered": True,
        },
        {"fault": "fail_deploy", "site": "site-2", "times": 2},
    ],
)


def test_python_and_toml_say_the_same() -> None:
    """Key by key; what is written is read as the same, from a text as from a mapping."""
    read = Scenario.from_toml(EVERYTHING)

    assert read == IN_PYTHON
    assert Scenario.from_toml(IN_PYTHON.to_toml()) == IN_PYTHON
    assert Scenario.from_mapping(IN_PYTHON.as_mapping()) == IN_PYTHON
    assert read != read.but(seed=8)
    assert (read.title, read.description) == ("All there is", "Of each kind one,\nand more.")
    assert (read.start, read.config.max_jobs) == (1772352000.0, 2)
    assert repr(read).startswith("<Scenario 'All there is': seed, start, personality, ")
    assert repr(Scenario()) == "<Scenario '': nothing special>"


def test_a_server_is_in_it() -> None:
    """From the beginning, and as time passes; two servers of it are alike, and know nothing of each other."""
    first, second = IN_PYTHON.server(), IN_PYTHON.server()
    assert (first.clock.time(), first.seed, first.config.max_jobs) == (1772352000.0, 7, 2)
    assert first.quirks == PERSONALITIES["nvflare-2.9"].quirks | {"abort-lingers"}
    assert {user.name: user.role for user in first.users}["ann"] == "member"
    assert repr(first.faults) == (
        "<Faults: deployments to fail 2 on 'site-2'; to come: add_user('ben') in 5.0 s, "
        "partition(lasting=5.0) in 10.0 s, change_role('ann', 'lead') in 20.0 s, add_client('site-2', None) in 30.0 s, "
        "partition(lasting=5.0) in 40.0 s, revoke_user('ben') in 50.0 s, drop('site-1') in 60.0 s, "
        "reconnect('site-1') in 90.0 s, drop('site-1') in 120.0 s, remove_client('site-2') in 600.0 s and 1 more>"
    )
    for server in (first, second):
        server.submit(definition(name="train-1", min_clients=1))
        server.submit(definition(name="flaky", min_clients=1))
        server.submit(definition(name="flaky", min_clients=1))
        server.run_until_idle()
        assert [(job.name, job.status) for job in server.jobs] == [
            ("train-1", "FINISHED:COMPLETED"),
            ("flaky", "FINISHED:EXECUTION_EXCEPTION"),
            ("flaky", "FINISHED:COMPLETED"),
        ]
    assert first.trace.digest() == second.trace.digest()


def test_what_is_given_goes_before_what_it_says(tmp_path: Path) -> None:
    """Each option of a server; clients and users with all that was to come of them."""
    scenario = IN_PYTHON.but(faults=[])
    server = scenario.server(seed=1, clients=["a"], users=["ann"], clock=VirtualClock(0), personality=None, quirks=())

    assert (server.seed, server.clock.time(), server.quirks) == (1, 0.0, frozenset())
    assert [user.name for user in server.users] == ["ann"]
    assert repr(server.faults) == "<Faults: none>"
    with pytest.raises(ValueError, match=r"^faults\[2\]: there is no client 'site-2'"):
        IN_PYTHON.server(clients=1)


@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        (JobBehavior(run_seconds=2, outcome="ABNORMAL"), ("COMPLETED", 9, "ABNORMAL", 2)),
        ({"train": JobBehavior(outcome="ABORTED")}, ("ABORTED", 9, "COMPLETED", 5)),
        ({"*": JobBehavior(run_seconds=4)}, ("COMPLETED", 9, "COMPLETED", 4)),
        (lambda _: JobBehavior(run_seconds=3), ("COMPLETED", 3, "COMPLETED", 3)),
    ],
)
def test_a_behavior_goes_before_those_of_the_same_name(behavior: Any, expected: tuple[Any, ...]) -> None:
    """What it leaves open is as the scenario says; a function says all."""
    scenario = Scenario(jobs={"train": {"run_seconds": 9, "outcome": "COMPLETED"}, "*": {"run_seconds": 5}})
    server = scenario.server(behavior=behavior)
    for name in ("train", "other"):
        server.submit(definition(name=name))
    server.run_until_idle()

    told: list[Any] = []
    for job in server.jobs:
        told += (job.status.removeprefix("FINISHED:"), round((job.end_time or 0) - (job.start_time or 0)))
    assert tuple(told) == expected


def test_turns_keep_what_a_behavior_leaves_open() -> None:
    """A single behavior goes before each of them."""
    scenario = Scenario(jobs={"*": [{"outcome": "ABNORMAL"}, {"outcome": "COMPLETED"}]})
    server = scenario.server(behavior=JobBehavior(run_seconds=2))
    ids = [server.submit(definition()) for _ in range(2)]
    server.run_until_idle()

    assert [job.status for job in server.jobs] == ["FINISHED:ABNORMAL", "FINISHED:COMPLETED"]
    assert [server.history(job_id)[-1].seconds - server.history(job_id)[-2].seconds for job_id in ids] == [2, 2]


def test_a_jobs_own_meta_goes_before_all() -> None:
    """As anywhere."""
    server = Scenario(jobs={"*": {"outcome": "ABNORMAL"}}).server()
    server.submit(definition(custom_props=behaving(outcome="ABORTED")))
    server.run_until_idle()

    assert server.jobs[0].status == "FINISHED:ABORTED"


def test_a_state_file_goes_on_in_it(tmp_path: Path) -> None:
    """What was said to the server once is not said again, and what waits is in the file."""
    scenario = Scenario(clients=["a", {"name": "b", "joins": 30}], faults=[{"fault": "partition", "at_call": 2}])
    for seconds in (20, 20):
        with scenario.server(state_file=tmp_path / "state") as server:
            server.advance(seconds)
    with scenario.server(state_file=tmp_path / "state") as server:
        session = server.connect()
        assert [client.name for client in session.get_system_info().client_info] == ["a", "b"]
        with pytest.raises(NoConnection):
            session.list_jobs()
        assert server.trace.of("client")[0].seconds - VirtualClock().time() == 30


def test_what_else_stands_for_a_table() -> None:
    """A number of clients, names, and the objects that servers take."""
    server = Scenario(clients=["a", Client("b", {"gpus": 1})], users=["ann", User("ben", "x", "member")]).server()

    assert [user.name for user in server.users][-2:] == ["ann", "ben"]
    assert [client.name for client in server.connect().get_system_info().client_info] == ["a", "b"]
    assert len(Scenario(clients=5).server().connect().get_system_info().client_info) == 5


TIMES = st.floats(0, 1e6, allow_nan=False)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(
    lambda name: name.casefold() not in ("server", "@all")
)
SCENARIOS = st.fixed_dictionaries(
    {"seed": st.integers(-(2**62), 2**62)},
    optional={
        "title": NAMES,
        "description": st.text(st.characters(codec="utf-8"), min_size=1),
        "start": st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, timezone.utc)),
        "personality": st.sampled_from(sorted(PERSONALITIES)),
        "config": st.fixed_dictionaries({}, optional={"max_jobs": st.integers(1, 9), "run_seconds": TIMES}),
        "clients": st.lists(
            st.fixed_dictionaries(
                {"name": NAMES},
                optional={"joins": TIMES, "drops": st.lists(TIMES, max_size=3), "returns": TIMES, "leaves": TIMES},
            ),
            max_size=4,
            unique_by=lambda table: table["name"],
        ),
        "users": st.lists(st.fixed_dictionaries({"name": NAMES}, optional={"joins": TIMES}), max_size=2),
        "jobs": st.dictionaries(
            NAMES,
            st.lists(
                st.fixed_dictionaries(
                    {},
                    optional={"run_seconds": TIMES, "rounds": st.integers(1, 5), "result_files": st.just({"a": "b"})},
                ),
                min_size=1,
                max_size=3,
            ),
            max_size=3,
        ),
        "faults": st.lists(
            st.fixed_dictionaries(
                {"fault": st.sampled_from(["partition", "hold", "crash"])},
                optional={"at": TIMES, "lasting": TIMES},
            ),
            max_size=3,
        ),
    },
)


@settings(max_examples=60, deadline=None)
@given(SCENARIOS)
def test_whatever_is_written_is_read_as_the_same(said: dict[str, Any]) -> None:
    """And a server that is made of either has the same before it."""
    users = [table["name"] for table in said.get("users", [])]
    if len({*users}) < len(users):
        return
    scenario = Scenario(**said)
    again = Scenario.from_toml(scenario.to_toml())

    assert again == scenario
    assert repr(again.server().faults) == repr(scenario.server().faults)

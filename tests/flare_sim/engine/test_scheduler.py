"""Scheduling: the decision about one job, and the queue of those that wait."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Client, User
from flare_sim.engine.clients.resources import FELL_OVER
from flare_sim.engine.clients.sites import Sites
from flare_sim.engine.job import Job
from flare_sim.engine.scheduler import AT_ONCE, Decision, Policy, Queue, decide, retry_interval
from flare_sim.personality.quirks import GPUS_COUNTED, SHORTAGE_EXPLAINED
from tests.flare_sim.job_samples import definition

POLICY = Policy(max_jobs=4, max_tries=10, min_interval=10, max_interval=600)
SMALL = definition()


def sites_of(*clients: str | Client) -> Sites:
    """Connected clients."""
    return Sites([Client(item) if isinstance(item, str) else item for item in clients], 0, 10, 600)


def decided(sites: Sites, tries: int = 0, **changes: Any) -> Decision:
    """The decision about a small job."""
    return decide(definition(**changes), tries, sites.listed(0), POLICY)


def waiting(serial: int) -> Job:
    """A job that could wait."""
    return Job(serial, str(serial), SMALL, User("a"), 0, "")


def test_all_sites_are_all_that_are_there() -> None:
    """A job for all sites runs on the server and every connected client, in order of registration."""
    decision = decided(sites_of("b", "a"))

    assert Decision("scheduled", {"server": "app", "b": "app", "a": "app"}, final=False) == decision
    assert list(decision.apps or ()) == ["server", "b", "a"]


def test_named_sites_are_those_named_that_are_there() -> None:
    """A job for named sites runs on those of them that are connected."""
    decision = decided(sites_of("a", "z"), deploy_map={"app": ["server", "a", "b"]}, min_clients=1)

    assert decision.apps == {"server": "app", "a": "app"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"min_clients": 5}, "connected sites (2) < min_sites (5)"),
        ({"mandatory_clients": ["site-9"]}, "missing required site site-9"),
        ({"mandatory_clients": ["site-9"], "min_clients": 5}, "missing required site site-9"),
        ({"resource_spec": {"a": {"gpus": 2}}}, "not enough sites have enough resources (ok sites 1 < min sites 2"),
        (
            {"resource_spec": {"a": {"gpus": 2}}, "min_clients": 1, "mandatory_clients": ["a"]},
            "required sites: ['a'] don't have enough resources",
        ),
        ({"deploy_map": {"app": ["server", "x"]}, "min_clients": 1}, "connected sites (0) < min_sites (1)"),
    ],
)
def test_a_job_that_cannot_run_now_has_a_reason(changes: dict[str, Any], reason: str) -> None:
    """The reason is the one real servers write down."""
    assert decided(sites_of(Client("a", {"gpus": 1}), "b"), **changes) == Decision(reason)


def test_a_job_runs_without_the_sites_that_lack_resources() -> None:
    """When enough others have them, a site without the resources is left out."""
    sites = sites_of(Client("a", {"gpus": 1}), "b")

    assert decided(sites, resource_spec={"a": {"gpus": 2}}, min_clients=1).apps == {"server": "app", "b": "app"}


def test_a_silent_client_counts_as_there_and_gives_nothing() -> None:
    """A client that dropped is still listed, but does not answer when asked for resources."""
    sites = sites_of("a", "b")
    sites.drop("a", 0)

    assert decided(sites).result == "not enough sites have enough resources (ok sites 1 < min sites 2"


def test_each_client_that_falls_over_is_told() -> None:
    """On servers that say why they are short of clients, or of those that a job cannot do without."""
    policy = POLICY._replace(quirks=frozenset({GPUS_COUNTED, SHORTAGE_EXPLAINED}))
    spec = {name: {"mem_per_gpu_in_GiB": 4} for name in "ab"}
    asking = definition(resource_spec=spec), definition(resource_spec=spec, min_clients=1, mandatory_clients=["a", "b"])

    assert [decide(job, 0, sites_of("a", "b", "c").listed(0), policy).result for job in asking] == [
        f"not enough sites have enough resources (ok sites 1 < min sites 2). Details: a: {FELL_OVER}; b: {FELL_OVER}",
        f"required sites: ['a', 'b'] don't have enough resources. Details: a:{FELL_OVER};b:{FELL_OVER};",
    ]


def test_too_many_tries_are_the_end() -> None:
    """A job tried as often as allowed is given up, whatever is there now."""
    assert decided(sites_of("a", "b"), tries=10) == Decision("exceeded max schedule count 10", final=True)
    assert decided(sites_of("a", "b"), tries=9).apps is not None


def test_the_wait_doubles_up_to_a_limit() -> None:
    """The intervals between tries are 10, 20, 40 ... and never more than 600."""
    waits = [retry_interval(tries, POLICY) for tries in range(1, 11)]

    assert waits == [10, 20, 40, 80, 160, 320, 600, 600, 600, 600]
    assert retry_interval(10_000, POLICY) == 600


@given(
    st.lists(st.sampled_from("abcd"), unique=True),
    st.lists(st.sampled_from("abcd"), unique=True),
    st.integers(1, 4),
    st.lists(st.sampled_from("abcd"), unique=True),
)
def test_what_is_scheduled_meets_every_demand(
    there: list[str], named: list[str], wanted: int, needed: list[str]
) -> None:
    """A job runs exactly when enough of its sites and all its mandatory ones are there, and on those sites only."""
    named = named or list("abcd")
    needed = [name for name in needed if name in named]
    wanted = min(wanted, len(named))

    decision = decided(
        sites_of(*there), deploy_map={"app": ["server", *named]}, min_clients=wanted, mandatory_clients=needed
    )

    usable = {name for name in named if name in there}
    assert (decision.apps is not None) == (len(usable) >= wanted and set(needed) <= usable)
    if decision.apps is not None:
        assert set(decision.apps) == {"server", *usable}


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.just(0)),
            st.tuples(st.just("take"), st.integers(0, 30)),
            st.tuples(st.just("delay"), st.integers(0, 30)),
            st.tuples(st.just("remove"), st.integers(0, 9)),
        )
    )
)
def test_the_queue_gives_the_first_job_that_may_be_tried(steps: list[tuple[str, int]]) -> None:
    """Against a simple list: taken is always the earliest submitted that is due, and due() says when the next is."""
    queue = Queue()
    model: dict[int, int] = {}
    jobs: list[Job] = []
    now = 0
    taken: Job | None = None
    for verb, number in steps:
        if verb == "add":
            jobs.append(waiting(len(jobs)))
            queue.add(jobs[-1])
            model[jobs[-1].serial] = 0
        elif verb == "remove" and number < len(jobs):
            queue.remove(jobs[number])
            model.pop(number, None)
        elif verb == "delay" and taken is not None:
            queue.delay(taken, now + number)
            model[taken.serial] = now + number
            taken = None
        elif verb == "take" and taken is None:
            now += number
            ready = [serial for serial, due in sorted(model.items()) if due <= now]
            taken = queue.take(now)
            assert (taken.serial if taken else None) == (ready[0] if ready else None)
            if taken:
                del model[taken.serial]

        due = queue.due()
        assert len(queue) == len(model)
        assert (due is None) == (not model)
        if due is not None:
            assert due <= max(now, min(model.values()))
            assert due in (AT_ONCE, min(model.values()))

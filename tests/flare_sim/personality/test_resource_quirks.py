"""What becomes of jobs that ask for resources, on servers like those of each release: what live ones were seen to do.

Two clients of a fresh kit, which have no GPUs; the job waited for 16 seconds. ``aborted`` jobs left no other trace.
"""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import Client, SimulatedServer
from tests.flare_sim.job_samples import definition
from tests.flare_sim.personality.one_quirk import ask

GPU = {"num_of_gpus": 1}
FIRST = {"site-1": GPU}
BOTH = {"site-1": GPU, "site-2": GPU}
ON_FIRST = {"app": ["server", "site-1"]}
FEW = "not enough sites have enough resources (ok sites {} < min sites {}"
FELL_OVER = ". Details: site-1: resource manager raised an exception; see site log"
LACK = "required sites: ['site-1'] don't have enough resources"

WAITS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "nvflare-2.3": [
        ({"resource_spec": BOTH}, FEW.format(0, 2)),
        ({"resource_spec": BOTH, "min_clients": 1}, FEW.format(0, 1)),
        (
            {"resource_spec": FIRST, "min_clients": 1, "deploy_map": ON_FIRST},
            FEW.format(0, 1),
        ),
        ({"resource_spec": {"site-1": GPU, "site-2": {}}}, FEW.format(1, 2)),
        ({"resource_spec": {name: {"mem_per_gpu_in_GiB": 4} for name in BOTH}}, FEW.format(0, 2)),
        ({"resource_spec": {name: {"num_of_gpus": 0} for name in BOTH}}, FEW.format(0, 2)),
        ({"resource_spec": {name: {"num_of_gpus": "x"} for name in BOTH}}, FEW.format(0, 2)),
        ({"resource_spec": {name: {"num_of_gpus": -1} for name in BOTH}}, FEW.format(0, 2)),
        ({"resource_spec": {name: {"cpu": 1} for name in BOTH}}, FEW.format(0, 2)),
        ({"resource_spec": {"site-1": GPU, "site-2": {}}, "min_clients": 1, "mandatory_clients": ["site-1"]}, LACK),
    ],
    "nvflare-2.9": [
        ({"resource_spec": FIRST}, FEW.format(1, 2) + ")"),
        (
            {"resource_spec": {"site-1": GPU, "site-2": {**GPU, "mem_per_gpu_in_GiB": 4}}, "min_clients": 1},
            FEW.format(0, 1) + ")",
        ),
        (
            {"resource_spec": FIRST, "min_clients": 1, "mandatory_clients": ["site-1"]},
            LACK + ". Details: site-1:;",
        ),
        ({"resource_spec": {"site-1": {"mem_per_gpu_in_GiB": 4}}}, FEW.format(1, 2) + ")" + FELL_OVER),
        ({"resource_spec": {"site-1": {"cpu": 1}}}, FEW.format(1, 2) + ")" + FELL_OVER),
        ({"resource_spec": FIRST, "mandatory_clients": ["site-1"]}, FEW.format(1, 2) + ")"),
        ({"resource_spec": BOTH, "min_clients": 1, "mandatory_clients": ["site-1", "site-2"]}, FEW.format(0, 1) + ")"),
        (
            {"resource_spec": FIRST, "min_clients": 1, "deploy_map": ON_FIRST},
            FEW.format(0, 1) + ")",
        ),
    ],
}
"""Personality -> what a job says, and what each line of its schedule history says after the time."""

RUNS: dict[str, list[tuple[dict[str, Any], list[str]]]] = {
    "nvflare-2.3": [({"resource_spec": FIRST, "min_clients": 1}, ["server: OK", "site-2: OK"])],
    "nvflare-2.9": [
        ({"resource_spec": FIRST, "min_clients": 1}, ["server: OK", "site-2: OK"]),
        ({"resource_spec": {"site-1": {"num_of_gpus": 0}}}, ["server: OK", "site-1: OK", "site-2: OK"]),
        (
            {"resource_spec": {"site-1": {"num_of_gpus": 0}, "site-2": {"mem_per_gpu_in_GiB": 1}}, "min_clients": 1},
            ["server: OK", "site-1: OK"],
        ),
    ],
}
"""Personality -> what a job says, and where it is deployed to."""


@pytest.mark.parametrize(
    ("personality", "changes", "said"), [(name, *case) for name, cases in WAITS.items() for case in cases]
)
def test_a_job_waits_for_resources_nobody_has(personality: str, changes: dict[str, Any], said: str) -> None:
    """It was tried twice in that time, and its history says why in vain; it was deployed nowhere."""
    server = SimulatedServer(personality=personality)
    session = server.connect()
    job_id = session.submit_definition(definition(**{"min_clients": 2, **changes}))
    server.advance(16)
    meta = session.get_job_meta(job_id)

    assert [line.partition(": ")[2] for line in meta["schedule_history"]] == [said, said]
    assert (meta["status"], meta["schedule_count"], meta.get("job_deploy_detail")) == ("SUBMITTED", 2, None)
    session.abort_job(job_id)
    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"


@pytest.mark.parametrize(
    ("personality", "changes", "detail"), [(name, *case) for name, cases in RUNS.items() for case in cases]
)
def test_a_job_runs_where_its_resources_are(personality: str, changes: dict[str, Any], detail: list[str]) -> None:
    """A site that lacks them is left out when enough others have them."""
    server = SimulatedServer(personality=personality)
    session = server.connect()
    job_id = session.submit_definition(definition(**{"min_clients": 2, **changes}))
    server.advance(16)
    meta = session.get_job_meta(job_id)

    assert (meta["status"], meta["job_deploy_detail"]) == ("FINISHED:COMPLETED", detail)


def test_without_a_personality_a_client_that_declares_nothing_has_no_limit() -> None:
    """The contract does not speak of resources, so what nobody declared keeps nobody waiting."""
    server = SimulatedServer()
    server.submit(definition(resource_spec=BOTH, min_clients=2))
    server.run_until_idle()

    assert [job.status for job in server.jobs] == ["FINISHED:COMPLETED"]


@pytest.mark.parametrize("changes", [{}, {"min_clients": 1, "mandatory_clients": ["site-1"]}])
def test_a_narrow_spec_stops_the_scheduler(changes: dict[str, Any]) -> None:
    """Seen live on 2.3.12: nothing in its history, nothing runs behind it, until it is aborted."""
    server = SimulatedServer(personality="nvflare-2.3")
    session = server.connect()
    stuck = session.submit_definition(definition(**{"min_clients": 2, "resource_spec": FIRST, **changes}))
    behind = session.submit_definition(definition())
    server.run_until_idle()
    server.advance(1000)
    metas = [session.get_job_meta(job_id) for job_id in (stuck, behind)]

    assert [meta["status"] for meta in metas] == ["SUBMITTED", "SUBMITTED"]
    assert not any("schedule_history" in meta or "schedule_count" in meta for meta in metas)
    session.abort_job(stuck)
    server.run_until_idle()
    assert session.get_job_meta(behind)["status"] == "FINISHED:COMPLETED"


def test_a_job_that_was_tried_before_is_tried_again_in_front_of_one_the_scheduler_falls_over() -> None:
    """The scheduler looks at jobs in the order they were submitted in, and notes what it saw before it fell over."""
    server = SimulatedServer(personality="nvflare-2.3")
    session = server.connect()
    first = session.submit_definition(definition(min_clients=5))
    server.submit(definition(min_clients=2, resource_spec=FIRST))
    server.advance(16)

    assert session.get_job_meta(first)["schedule_count"] == 2


def test_a_client_with_gpus_gives_their_memory() -> None:
    """Of two GPUs with 16 GiB, three jobs that ask for 8 on one get it, and a fourth, that asks for 16, waits."""
    server = SimulatedServer(
        personality="nvflare-2.9", clients=[Client("site-1", {"num_of_gpus": 2, "mem_per_gpu_in_GiB": 16})]
    )

    def submit(memory: int) -> str:
        need = {"site-1": {**GPU, "mem_per_gpu_in_GiB": memory}}
        return server.submit(
            definition(min_clients=1, resource_spec=need, custom_props={"flare_sim": {"run_seconds": 1000}})
        )

    def left() -> str:
        reply = ask(server, "report_resources client")
        return str(reply.data[0][1][1][1])

    assert left() == (
        "{'resources': [{'gpu_id': 0, 'memory': 16}, {'gpu_id': 1, 'memory': 16}], 'reserved_resources': {}}"
    )
    for _ in range(3):
        submit(8)
    waits = submit(16)
    server.advance(10)

    assert "'memory': 0}, {'gpu_id': 1, 'memory': 8}" in left()
    assert {job.status for job in server.jobs if job.job_id != waits} == {"RUNNING"}
    assert server.jobs[-1].status == "SUBMITTED"

"""What a job wants in vain of the clients there are: told as warnings, and what the scheduler then finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flare_sim import Client, SimulatedServer
from flare_sim.engine.clients.sites import client_list
from flare_sim.engine.clients.wishes import with_wishes
from flare_sim.jobs.definition import examine
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirks import GPUS_COUNTED
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from pathlib import Path

SITES = ["site-1", "site-2", "site-3"]


def told(folder: Path, clients: Any, quirks: frozenset[str] = frozenset(), **changes: Any) -> list[tuple[str, str]]:
    """The kind and the place of each warning about a job with these changes, by the clients there are."""
    found = with_wishes(examine(write_job(folder / "small", **changes)), client_list(clients), quirks)
    assert all(problem.warning and problem.file == "meta.json" and problem.advice for problem in found.problems)
    assert found.definition is not None
    return [(problem.kind, problem.place) for problem in found.problems]


def test_a_job_whose_clients_are_there_is_fine(tmp_path: Path) -> None:
    """Enough of them, those it cannot do without, all that it names."""
    assert told(tmp_path, 2) == []
    deploy_map = {"app": ["server", "site-1", "site-2"]}
    assert told(tmp_path, 2, deploy_map=deploy_map, mandatory_clients=["site-2"]) == []


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_clients_are_told(tmp_path: Path, count: int) -> None:
    """How many there are counts where it goes to all."""
    assert told(tmp_path, count, min_clients=5) == [("clients-few", "min_clients")]


def test_clients_of_other_names_do_not_count(tmp_path: Path) -> None:
    """Where a job names its sites, only those count, and each that is missing is told."""
    changes: dict[str, Any] = {"deploy_map": {"app": ["server", "site-1", "hospital"]}, "min_clients": 2}

    assert told(tmp_path, 5, **changes) == [("site-unknown", "deploy_map.app[2]"), ("clients-few", "min_clients")]


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """Which app goes where, and how many clients the job needs and may have."""
    changes: dict[str, Any] = {"deploy_map": {"app": ["server", "site-1", "hospital"]}, "min_clients": 2}
    named = with_wishes(examine(write_job(tmp_path / "small", **changes)), client_list(5)).problems
    few, one = (
        with_wishes(examine(write_job(tmp_path / str(wanted), min_clients=wanted)), client_list(0)).problems
        for wanted in (3, 1)
    )

    assert [problem.message for problem in (*named, *few, *one)] == [
        "app 'app' goes to 'hospital', and there is no such client",
        "the job needs 2 clients, and 1 of those it may have are there",
        "the job needs 3 clients, and 0 are there",
        "the job needs 1 client, and 0 are there",
    ]


@pytest.mark.parametrize(
    ("release", "changes", "kind"),
    [
        ("2.9", {"resource_spec": {"site-1": 3}}, "resource-spec"),
        ("2.9", {"launcher_spec": {"site-1": {"docker": {"network": "host"}}}}, "docker-options"),
        ("2.9", {"launcher_spec": {"site-1": {"docker": {"num_of_gpus": 2}}}}, "resources-twice"),
    ],
)
def test_resources_that_are_no_good_are_not_looked_for(
    tmp_path: Path, release: str, changes: dict[str, Any], kind: str
) -> None:
    """What is wrong with them is told, and no client is said to lack what was asked for wrongly."""
    asked = {"resource_spec": {"site-1": {"num_of_gpus": 1}}, **changes}
    examination = examine(write_job(tmp_path / "small", **asked), RELEASE_RULES[release])

    found = with_wishes(examination, client_list(2), frozenset((GPUS_COUNTED,)))

    assert kind in {problem.kind for problem in found.problems}
    assert [problem.kind for problem in found.problems if problem.warning] == []


def test_a_mandatory_client_nobody_knows_is_told(tmp_path: Path) -> None:
    """With its place in the list."""
    assert told(tmp_path, 3, mandatory_clients=["site-1", "x"]) == [("client-unknown", "mandatory_clients[1]")]


def test_many_missing_clients_are_one_sentence(tmp_path: Path) -> None:
    """However many an app goes to, with the first of them by name."""
    sites = [f"far-{number}" for number in range(500)]
    path = write_job(tmp_path / "small", deploy_map={"app": ["server", "site-1", *sites]}, mandatory_clients=sites[:2])

    unknown, mandatory = with_wishes(examine(path), client_list(2), frozenset()).problems[:2]

    assert (unknown.place, mandatory.place) == ("deploy_map.app", "mandatory_clients")
    assert "'far-9' and 490 more, and there are no such clients" in unknown.message
    assert mandatory.message == "the job cannot do without 'far-0', 'far-1', and there are no such clients"


def test_resources_are_told_as_they_are_counted(tmp_path: Path) -> None:
    """By amounts, of who declares some; where GPUs are counted, of who declares none, too."""
    spec: dict[str, Any] = {"resource_spec": {"site-1": {"num_of_gpus": 2, "mem_per_gpu_in_GiB": 1}}}
    place = [("resources-short", "resource_spec.site-1")]
    small, large = (Client("site-1", {"num_of_gpus": gpus, "mem_per_gpu_in_GiB": 16}) for gpus in (1, 2))

    assert told(tmp_path, 2, **spec) == []
    assert told(tmp_path, [small, "site-2"], **spec) == place
    assert told(tmp_path, [large, "site-2"], **spec) == []
    assert told(tmp_path, 2, frozenset((GPUS_COUNTED,)), **spec) == place
    assert told(tmp_path, [large, "site-2"], frozenset((GPUS_COUNTED,)), **spec) == []


def test_what_a_client_lacks_is_said(tmp_path: Path) -> None:
    """What the job asks for, and whether the client declares less or nothing at all."""
    spec: dict[str, Any] = {"resource_spec": {"site-1": {"num_of_gpus": 2, "mem_per_gpu_in_GiB": 1}}}
    path = write_job(tmp_path / "small", **spec)
    quirks = frozenset((GPUS_COUNTED,))
    less, nothing = (
        with_wishes(examine(path), clients, quirks).problems[0].message
        for clients in ([Client("site-1", {"num_of_gpus": 1}), Client("site-2")], client_list(2))
    )

    asked = "the job asks 'site-1' for num_of_gpus 2, mem_per_gpu_in_GiB 1, and that client "
    assert (less, nothing) == (asked + "does not have that much", asked + "declares nothing")


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, " and more"), (100, " and more")])
def test_of_many_amounts_the_first_are_told(tmp_path: Path, count: int, more: str) -> None:
    """And that there are more."""
    spec = {f"thing-{number}": number + 1 for number in range(count)}
    path = write_job(tmp_path / "small", resource_spec={"site-1": spec})
    message = with_wishes(examine(path), [Client("site-1", {"thing-0": 0}), Client("site-2")]).problems[0].message

    told = ", ".join(f"thing-{number} {number + 1}" for number in range(10))
    assert message == f"the job asks 'site-1' for {told}{more}, and that client does not have that much"


@pytest.mark.parametrize(
    ("release", "spec", "messages"),
    [
        ("2.3", {"site-1": None}, ["the job asks 'site-1' for nothing, and that client declares nothing"]),
        ("2.9", {"site-1": {"process": "x"}}, []),
        (
            "2.9",
            {"site-1": {"process": "x"}, "site-2": {"num_of_gpus": 1}},
            ["the job asks 'site-2' for num_of_gpus 1, and that client declares nothing"],
        ),
    ],
)
def test_of_what_servers_fall_over_no_amounts_are_told(
    tmp_path: Path, release: str, spec: dict[str, Any], messages: list[str]
) -> None:
    """What is asked of the other clients is told all the same."""
    examination = examine(write_job(tmp_path / "small", resource_spec=spec), RELEASE_RULES[release])
    problems = with_wishes(examination, client_list(2), PERSONALITIES[f"nvflare-{release}"].quirks).problems

    assert [problem.message for problem in problems if problem.kind == "resources-short"] == messages


def test_a_refused_job_has_warnings_too(tmp_path: Path) -> None:
    """What will not be found is told beside what is wrong, as far as the deploy map can be followed."""
    path = write_job(tmp_path / "small", min_clients=9, mandatory_clients="site-1")

    found = with_wishes(examine(path), client_list(2))

    assert [(problem.kind, problem.warning) for problem in found.problems] == [
        ("mandatory-clients", False),
        ("clients-few", True),
    ]


def test_nothing_is_told_of_what_cannot_be_read(tmp_path: Path) -> None:
    """A job without a deploy map has no wishes, and nor has one that is not there."""
    for path in (write_job(tmp_path / "small", deploy_map={}), str(tmp_path / "nowhere")):
        assert with_wishes(examine(path), client_list(0)) == examine(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    clients=st.sets(st.sampled_from(SITES)).map(sorted),
    named=st.none() | st.sets(st.sampled_from(SITES), min_size=1).map(sorted),
    wanted=st.integers(1, 3),
    mandatory=st.sets(st.sampled_from(SITES)).map(sorted),
)
def test_what_is_told_is_what_the_scheduler_finds(
    tmp_path: Path, clients: list[str], named: list[str] | None, wanted: int, mandatory: list[str]
) -> None:
    """A job without warnings is scheduled; one that lacks clients it has to have is not."""
    sites = ["@ALL"] if named is None else ["server", *named]
    changes: dict[str, Any] = {"deploy_map": {"app": sites}, "min_clients": wanted, "mandatory_clients": mandatory}
    path = write_job(tmp_path / "small", **changes)
    server = SimulatedServer(clients=clients)
    examination = server.examine(path)
    if examination.definition is None:
        return
    kinds = {problem.kind for problem in examination.problems}
    job_id = server.submit(examination.definition)
    server.run_until_idle()

    (job,) = (job for job in server.jobs if job.job_id == job_id)
    assert (job.status == "FINISHED:COMPLETED") == (kinds <= {"site-unknown"})


def test_a_server_counts_as_it_does_when_it_schedules(tmp_path: Path) -> None:
    """By GPUs, where its clients count so: who declares nothing has none."""
    path = write_job(tmp_path / "small", resource_spec={"site-1": {"num_of_gpus": 1}})

    told = [SimulatedServer(quirks=quirks).examine(path).problems for quirks in ((), (GPUS_COUNTED,))]

    assert [[problem.kind for problem in problems] for problems in told] == [[], ["resources-short"]]


def test_a_server_remembers_what_was_wrong(tmp_path: Path) -> None:
    """By the path as it was given, warnings too; what was fine is not there."""
    server = SimulatedServer(clients=1)
    session = server.connect()
    short, fine = write_job(tmp_path / "short"), write_job(tmp_path / "fine", min_clients=1)
    session.submit_job(short)
    session.submit_job(fine)

    assert {path: [problem.kind for problem in problems] for path, problems in server.remarks.items()} == {
        short: ["clients-few"]
    }

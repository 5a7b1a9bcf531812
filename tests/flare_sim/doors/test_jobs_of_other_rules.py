"""A job that was judged by the rules of one release, on a server of another: judged by that one's, or refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import Command, InternalError, InvalidJobDefinition, JobNotFound, SimulatedServer
from flare_sim.jobs.definition import _examined
from flare_sim.jobs.reading.job_files import JobFiles
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.job_samples import definition, job_files, job_meta, write_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flare_sim import JobDefinition
    from flare_sim.personality.job_rules import JobRules

KEYS = ["name", "resource_spec", "min_clients", "mandatory_clients", "job_id", "job_folder_name", "study", "scope"]
leaves = st.sampled_from([None, True, 0, 1, 2.5, -1, 10**25, "", "site-1", "@ALL", "process", "\ud800"])
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["site-1", "@default", "process", "num_of_gpus", "gpu"]), inner, max_size=2)
    ),
    max_leaves=4,
)
RULES = [CONTRACT, *RELEASE_RULES.values()]


def judged(meta: dict[str, Any], rules: JobRules) -> JobDefinition | None:
    """A job with this meta, as a server with these rules takes it."""
    files = {**job_files(), "meta.json": json.dumps(meta)}
    return _examined(JobFiles.made_of("job", {path: text.encode() for path, text in files.items()}), rules).definition


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(KEYS), values, max_size=3),
    st.sampled_from(RULES),
    st.sampled_from([None, "nvflare-2.3", "nvflare-2.9"]),
)
def test_no_server_falls_over_a_job_of_another(
    changes: dict[str, Any], rules: JobRules, personality: str | None
) -> None:
    """It lives as any other, or is refused, and every look at the server afterwards is answered."""
    job = judged(job_meta(**changes), rules)
    if job is None:
        return
    server = SimulatedServer(personality=personality)
    session, login = server.connect(), server.login("admin@nvidia.com")
    try:
        job_id = session.submit_definition(job)
    except (InvalidJobDefinition, InternalError):
        assert (server.jobs, len(server.trace)) == ((), 0)
        return
    server.run_until_idle()
    for words in (
        "list_jobs -d",
        "list_jobs -n x",
        "check_status all",
        f"get_job_meta {job_id}",
        "report_resources all",
    ):
        assert server.request(login, Command.parse(words)).as_dict()
    try:
        session.clone_job(job_id)
    except JobNotFound:
        assert personality == "nvflare-2.9"
    server.run_until_idle()

    assert len(repr(job)) < 5000
    assert server.trace.digest()


@pytest.mark.parametrize("changes", [{"name": [5]}, {"min_clients": 2.5}, {"mandatory_clients": "site-1"}])
def test_a_server_of_the_contract_takes_no_job_that_only_a_release_takes(changes: dict[str, Any]) -> None:
    """Whoever has it already judged it by other rules."""
    job = judged(job_meta(**changes), RELEASE_RULES["2.9"])
    assert job is not None
    server = SimulatedServer()
    with pytest.raises(InvalidJobDefinition, match=next(iter(changes))):
        server.submit(job)

    assert (server.jobs, len(server.trace)) == ((), 0)


@pytest.mark.parametrize("personality", ["nvflare-2.3", "nvflare-2.9"])
@pytest.mark.parametrize("changes", [{"resource_spec": {"site-1": {"process": 3}}}, {"name": None}, {"job_id": 5}])
def test_a_job_in_memory_is_judged_as_one_on_the_disk(
    tmp_path: Path, personality: str, changes: dict[str, Any]
) -> None:
    """The contract's takes each; a release's says of it what it says of the folder with the same files."""
    assert SimulatedServer().submit(definition(**changes))
    session = SimulatedServer(personality=personality).connect()

    assert said(lambda: session.submit_definition(definition(**changes))) == said(
        lambda: session.submit_job(write_job(tmp_path / "job", **changes))
    )


def said(submit: Callable[[], object]) -> tuple[type, str]:
    """What is said of a submission."""
    try:
        submit()
    except (InvalidJobDefinition, InternalError) as problem:
        return type(problem), str(problem)
    return str, "taken"

"""Jobs made to take long to judge, or much memory: each of up to a megabyte costs little, by every kind of rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flare_sim import SimulatedServer
from flare_sim.engine.clients.sites import client_list
from flare_sim.engine.clients.wishes import with_wishes
from flare_sim.jobs.definition import Examination, JobDefinition
from flare_sim.jobs.judging.judge import judge
from flare_sim.jobs.reading.job_files import JobFiles
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.cost import cost_of
from tests.flare_sim.job_samples import APP_FILES, behaving, job_files

SITES = [f"site-{number}" for number in range(20_000)]
NESTED = '{"":' * 55 + "0" + "}" * 55
EMPTY_LISTS = f"[{'[],' * 150_000}0]"
SERVER_CONFIG = "app/config/config_fed_server"


def only_server(suffix: str, text: str) -> dict[str, str]:
    """A job whose server's configuration is this text."""
    files = {**job_files(), f"{SERVER_CONFIG}{suffix}": text}
    if suffix != ".json":
        del files[f"{SERVER_CONFIG}.json"]
    return files


def meta(suffix: str, text: str) -> dict[str, str]:
    """A job whose meta is this text."""
    return {f"meta{suffix}": text, **APP_FILES}


BOMBS: dict[str, dict[str, str]] = {
    "sites-twice": job_files(deploy_map={"app": ["server", *SITES, *SITES]}),
    "sites-unknown": job_files(deploy_map={"app": ["server", *SITES]}, mandatory_clients=SITES),
    "mandatory-unknown": job_files(mandatory_clients=SITES),
    "mandatory-unnamed": job_files(deploy_map={"app": ["server", "a"]}, mandatory_clients=SITES),
    "apps-missing": job_files(
        {f"a{number}/config/x": "" for number in range(8_000)}, deploy_map={f"b{n}": ["server"] for n in range(8_000)}
    ),
    "apps-without-config": job_files(
        {f"b{number}/config/x": "" for number in range(5_000)}, deploy_map={f"b{n}": [f"{n}"] for n in range(5_000)}
    ),
    "resources-no-objects": job_files(resource_spec=dict.fromkeys(SITES, 1)),
    "resources-bad": job_files(resource_spec={site: {"num_of_gpus": -1} for site in SITES[:15_000]}),
    "resources-default": job_files(
        resource_spec={"@default": dict.fromkeys(SITES[:15_000], 1), **{site: {} for site in SITES[:10_000]}}
    ),
    "launchers-unknown": job_files(launcher_spec={site: {"x": {}} for site in SITES}),
    "launchers-default": job_files(
        launcher_spec={
            "default": {mode: dict.fromkeys(SITES[:8_000], 0) for mode in ("k8s", "slurm")},
            **{site: {} for site in SITES[:8_000]},
        },
        resource_spec={site: {"process": {"num_of_gpus": 1}} for site in SITES[:4_000]},
    ),
    "results-deep": job_files(
        custom_props=behaving(result_files={f"{'a/' * 490}{number:09}": "" for number in range(450)})
    ),
    "json-wide": meta(
        ".json", f'{{"resource_spec": {{"a": {{"b": [{NESTED}{f",{NESTED}" * 1_800}]}}}}, "deploy_map": {{}}}}'
    ),
    "config-large": only_server(".json", EMPTY_LISTS),
    "config-deep": only_server(".json", "[" * 900 + "]" * 900),
    "config-conf": only_server(".conf", "a = [" + "1," * 3_000 + "1]"),
    "configs-many": {
        **{f"a{number}/config/config_fed_server.json": EMPTY_LISTS for number in range(30)},
        "meta.json": json.dumps({"deploy_map": {f"a{number}": ["server"] for number in range(30)}}),
    },
    "conf-list": meta(".conf", "a = [" + "1," * 3_000 + "1]"),
    "conf-merged": meta(".conf", "".join(f"a {{b{number} = 1}}\n" for number in range(800))),
    "conf-escaped": meta(".conf", 'a = [\\" ' + ",1" * 3_000 + ' "]'),
    "conf-commented": meta(".conf", "#\n" * 8_000),
    "yml-lists": meta(".yml", "a: [" + ("[" * 50 + "]" * 50 + ",") * 150 + "]"),
    "yml-backslashes": meta(".yml", "b: ${a}\na: " + "\\" * 100_000),
    "yml-number": meta(".yml", "deploy_map: {app: ['@ALL']}\nmin_clients: 0x" + "f" * 16_000),
    "yml-referring": meta(".yml", "a: [" + "'x${c[d]}'," * 1_000 + "]"),
}
RULES = {"contract": CONTRACT, "2.9": RELEASE_RULES["2.9"]}


@pytest.mark.slow
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("files", BOMBS.values(), ids=BOMBS)
def test_what_is_made_to_take_long_is_judged_at_once(files: dict[str, str], rules: Any) -> None:
    """With what clients there are, too; what is told stays short, however much is wrong."""
    read = JobFiles.made_of("job", {path: text.encode() for path, text in files.items()})
    found: list[Any] = []

    def look() -> None:
        draft = judge(read.name, read.files, read.folders, rules)
        found.append(with_wishes(Examination(None, tuple(draft.problems), draft), client_list(2)))

    cost = cost_of(look)

    assert cost.little, cost
    assert len(found[0].problems) < 100
    assert all(len(problem.message) < 1_000 for problem in found[0].problems)


def test_a_job_that_cannot_do_without_many_clients_is_scheduled_at_once() -> None:
    """However often it is tried, with all of them there, and with all of them failing to deploy."""
    names = SITES[:10_000]
    made = JobDefinition.from_files(
        job_files(
            deploy_map={"app": ["server", *names]},
            mandatory_clients=names,
            custom_props=behaving(deploy_failures=names),
        )
    )
    server = SimulatedServer(clients=names, progress="immediate")
    far = SimulatedServer(progress="immediate")

    costs = [cost_of(lambda where=where: where.submit(made)) for where in (server, far)]  # type: ignore[misc]

    assert all(cost.little for cost in costs), costs
    assert [job.status for job in (*server.jobs, *far.jobs)] == ["FINISHED:FAILED_TO_RUN", "SUBMITTED"]


def test_problems_of_a_kind_are_told_up_to_a_number() -> None:
    """The others are counted, and a kind that comes later is told all the same."""
    spec = {**dict.fromkeys(SITES[:25], 1), "@default": {"x": 1}}
    draft = judge("job", {"meta.json": json.dumps({"deploy_map": {}, "resource_spec": spec}).encode()}, (), CONTRACT)

    told = [problem for problem in draft.problems if problem.kind == "resource-spec"]

    assert len(told) == 21
    assert told[-1].message == "there are 5 more problems of this kind"
    assert draft.refused == 26
    assert draft.problems[0].kind == "deploy-map-missing"

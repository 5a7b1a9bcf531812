"""submit_job: the server keeps a copy of the submitted folder, and writes nothing to the folder itself."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.shared.job_runs import is_run
from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.drawn_calls import MANY
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.occasions import LIVELY, OCCASIONS
from contract_tests.sequences.player import Player
from contract_tests.system import bad_definitions, job_folders, temporary_folders
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()

_FOLDER_FAULTS = (
    *("no-meta", "unreadable-meta", "meta-not-object", "no-deploy-map", "missing-app", "no-server-config"),
    *("no-client-config", "min-clients", "too-few-sites", "mandatory-client", "resource-spec"),
)
"""The kinds of bad definitions that are folders with something in them."""

_CHANGED: Final = "written-since-it-was-submitted"
"""Text that is in a changed folder only."""


def _change(folder: Path, change: str) -> None:
    """What may happen to a folder once it was submitted."""
    if change in ("remove", "replace"):
        shutil.rmtree(folder)
    if change == "replace":
        job_folders.write_job(folder, job_folders.job_meta(JobPlan(name=_CHANGED)))
        for config in (folder / job_folders.APP / "config").iterdir():
            config.write_text(json.dumps({"format_version": 2, "name": _CHANGED}), encoding="utf-8")
    elif change == "empty the meta":
        (folder / "meta.json").write_text(json.dumps({"name": _CHANGED}), encoding="utf-8")
    elif change == "remove the app":
        shutil.rmtree(folder / job_folders.APP)


@CHECKS.check(
    "submit.copy", change=Each("remove", "replace", "empty the meta", "remove the app"), cloned=Each(False, True)
)
def _copy(s: Scenario, change: str, cloned: bool) -> None:
    alice = s.open()
    folder = job_folders.job_folder(JobPlan(name="as-submitted", waits=True), fresh=True)
    job = alice.submit(folder)
    if cloned:
        job = alice.clone(job)
    before = alice.snapshot(job)
    _change(Path(folder), change)
    for actor in (alice, s.open()):
        after_change = actor.do("get_job_meta", job)
        s.require(after_change.returned, "the job to be there still after the folder was changed", after_change)
        s.unchanged(before, actor.snapshot(job), "the meta, after the folder was changed,")
        outcome = actor.do("clone_job", job)
        s.require(outcome.returned, "the job to be cloned as it was submitted", outcome)
        name = actor.meta(outcome.value).get("name")
        s.require(name == "as-submitted", "a clone called as-submitted", s.tell(name))


@CHECKS.check("submit.copy", variant="submitted again", other=Each(0, 1))
def _copy_again(s: Scenario, other: int) -> None:
    """A folder that was changed and is submitted again gives a job as it is now, and the first stays as it was."""
    actors = [s.open(), s.open(other if len(s.system.users) > 1 else 0)]
    folder = job_folders.job_folder(JobPlan(waits=True), fresh=True)
    jobs = {}
    for number in range(3):
        name = f"version-{number}"
        path = Path(folder) / "meta.json"
        path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "name": name}), encoding="utf-8")
        jobs[actors[number % 2].submit(folder)] = name
        for job, wanted in jobs.items():
            told = actors[0].meta(job).get("name")
            s.require(told == wanted, f"{s.tell(job)} to be called {wanted}, as it was submitted", s.tell(told))


@CHECKS.check("submit.copy", variant="runs", change=Each("remove", "replace", "empty the meta", "remove the app"))
def _copy_runs(s: Scenario, change: str) -> None:
    s.now()
    alice = s.open()
    folder = job_folders.job_folder(JobPlan(), fresh=True)
    job = alice.submit(folder)
    _change(Path(folder), change)
    is_run(s, alice, job, 30.0)
    result = alice.do("download_job_result", job).value
    files = Path(result).rglob("*") if isinstance(result, str) and Path(result).is_dir() else ()
    changed = [path.name for path in files if path.is_file() and _CHANGED.encode() in path.read_bytes()]
    s.require(not changed, "a result without what the folder holds now", f"{', '.join(changed)} with it")


def _contents(folder: str) -> dict[str, tuple[object, ...]]:
    """Everything in a folder: what stands there, its mode, and when it was last written to."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (Path(folder), *Path(folder).rglob("*")):
        stat = path.stat()
        content = path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(folder))] = content, stat.st_mode, stat.st_mtime_ns
    return found


def _is_untouched(s: Scenario, folder: str, before: dict[str, tuple[object, ...]], when: str) -> None:
    now = _contents(folder) if Path(folder).is_dir() else {}
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    s.require(not changed, f"the folder as it was, {when}", f"changed, added or gone: {', '.join(changed)}")


@CHECKS.check("submit.folder-untouched")
def _folder_untouched(s: Scenario) -> None:
    alice = s.open()
    folder = job_folders.job_folder(JobPlan(), fresh=True)
    before = _contents(folder)
    jobs = []
    for time in ("once", "twice", "three times"):
        jobs.append(alice.submit(folder))
        _is_untouched(s, folder, before, f"after it was submitted {time}")
    for method in ("get_job_meta", "clone_job", "monitor_job", "download_job_result", "abort_job", "delete_job"):
        alice.do(method, jobs[0])
        _is_untouched(s, folder, before, f"after {method}")
    alice.do("close")
    _is_untouched(s, folder, before, "after close")


@CHECKS.check("submit.folder-untouched", variant="occasions", name=Each(*OCCASIONS))
def _untouched_on_an_occasion(s: Scenario, name: str) -> None:
    player = Player(s, judging=False)
    folder = job_folders.job_folder(JobPlan(waits=True), fresh=True)
    before = _contents(folder)
    _play(player, LIVELY)
    for session in range(4):
        _play(player, OCCASIONS[name])
        player.session(session)[1].do("submit_job", folder)
        _is_untouched(s, folder, before, "after it was submitted")


def _play(player: Player, calls: list[list[Any]]) -> None:
    """Make calls, as far as the system offers what they need: nothing is judged by them."""
    for call in calls:
        with suppress(JudgedElsewhere, NotClaimed):
            if player.can(call):
                player.play(call)


@CHECKS.check("submit.folder-untouched", variant="in a callback", nested=Each(False, True), outage=Each(False, True))
def _untouched_in_a_callback(s: Scenario, nested: bool, outage: bool) -> None:
    actors = [s.open(), s.open(), *([s.open(1)] if len(s.system.users) > 1 else [])]
    job = actors[0].submit()
    with suppress(NotClaimed):
        job = s.job("running", actors[0])
    folder = job_folders.job_folder(JobPlan(waits=True), fresh=True)
    before = _contents(folder)
    for actor in actors:
        _submits_in_a_callback(over_outage(s, actor) if outage else actor, job, folder, nested)
        _is_untouched(s, folder, before, "after it was submitted in a callback")


def _submits_in_a_callback(actor: Actor, job: str, folder: str, nested: bool) -> None:
    submit = Callback(act=lambda _: actor.do("submit_job", folder), then=False)
    actor.monitor(job, Callback(act=lambda _: actor.monitor(job, submit), then=False) if nested else submit)


@CHECKS.check("submit.folder-untouched", variant="many")
def _untouched_by_many(s: Scenario) -> None:
    alice = s.open()
    folder = job_folders.job_folder(JobPlan(waits=True), fresh=True)
    before = _contents(folder)
    for _ in range(MANY):
        alice.do("submit_job", folder)
    _is_untouched(s, folder, before, f"after it was submitted {MANY} times")


def bad_folder(fault: str, folder: Path) -> str:
    """A bad definition in a folder of its own, which no other check is handed."""
    bad = str(bad_definitions.bad_job(BadJob(fault)))
    (shutil.copytree if Path(bad).is_dir() else shutil.copyfile)(bad, folder)
    return str(folder)


@CHECKS.check("submit.folder-untouched", variant="refused", fault=Each(*_FOLDER_FAULTS))
def _refused_folder_untouched(s: Scenario, fault: str) -> None:
    alice = s.open()
    folder = bad_folder(fault, temporary_folders.scratch() / "contract_job")
    before = _contents(folder)
    alice.do("submit_job", folder)
    _is_untouched(s, folder, before, f"after it was refused ({wording.definition(BadJob(fault))})")

"""submit_job: what it gives, what it keeps, and every definition it has to refuse."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from contract_tests.clauses.shared.job_runs import is_run
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FLAGS, Each
from contract_tests.sequences.starting_points import (
    EVERY_HISTORY,
    LIKELY_HISTORIES,
    MAIN_HISTORIES,
    session_after,
    starting_point,
)
from contract_tests.system import job_folders
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()
_FOLDER_FAULTS = (
    *("no-meta", "unreadable-meta", "meta-not-object", "no-deploy-map", "missing-app", "no-server-config"),
    *("no-client-config", "min-clients", "too-few-sites", "mandatory-client", "resource-spec"),
)
"""The kinds of bad definitions that are folders with something in them."""


_SIZES = Each(1, 2, 3, 11, 12)
"""How many jobs come before, and the one that is looked at with them."""


def _users(s: Scenario) -> list[Actor]:
    """A session of each user."""
    return [s.open(user) for user in range(max(1, min(2, len(s.system.users))))]


@CHECKS.check("submit.returns-id", history=EVERY_HISTORY)
def _returns_id(s: Scenario, history: str) -> None:
    with suppress(NotTestable):  # what was submitted on the way there counts, too
        for actor in (session_after(s, history), *_users(s)):
            for _ in range(3):
                _is_its_id(s, actor, actor.submit())
    for outcome in s.performed("submit_job"):
        is_id = outcome.returned and isinstance(outcome.value, str) and outcome.value
        s.require(is_id, "a str that is not empty", outcome)


def _is_its_id(s: Scenario, actor: Actor, job: str) -> None:
    """The promise that what was returned is an id that a job has, wherever jobs are told by their ids."""
    known = actor.do("get_job_meta", job).returned or job in actor.listed()
    s.require(known, "the id of the job", f"{s.tell(job)}, which neither a meta nor the list knows")


def _linked(folder: Path) -> str:
    """Another folder that is this one, where links can be made."""
    link = job_folders.scratch() / "linked_job"
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        return str(folder)
    return str(link)


_SPELLINGS: Final[dict[str, Callable[[Path], str]]] = {
    "a slash at its end": lambda folder: f"{folder}/",
    "a dot at its end": lambda folder: f"{folder}/.",
    "a dot in it": lambda folder: f"{folder.parent}/./{folder.name}",
    "two slashes in it": lambda folder: f"{folder.parent}//{folder.name}",
    "a way back in it": lambda folder: f"{folder}/../{folder.name}",
    "a link at its end": _linked,
}
"""Paths of one folder, all of them from the root: from elsewhere a path may be taken for another's."""


@CHECKS.check("submit.returns-id", variant="spelled", spelling=Each(*_SPELLINGS))
def _returns_id_however_spelled(s: Scenario, spelling: str) -> None:
    alice = s.open()
    outcome = alice.do("submit_job", _SPELLINGS[spelling](Path(job_folders.job_folder(JobPlan()))))
    is_id = outcome.returned and isinstance(outcome.value, str) and outcome.value
    s.require(is_id, f"a str that is not empty, for a path with {spelling}", outcome)
    _is_its_id(s, alice, outcome.value)


@CHECKS.check("submit.new-id", between=Each("nothing", "session", "user", "name", "clone", "delete_job", "abort_job"))
def _new_id(s: Scenario, between: str) -> None:
    actors = {"session": lambda: [s.open(), s.open()], "user": lambda: _users(s)}.get(between, lambda: [s.open()])()
    seen: set[str] = set()
    for number in range(12):
        actor = actors[number % len(actors)]
        job = actor.submit(JobPlan(waits=True, name=f"job-{number}" if between == "name" else "contract-job"))
        told = f"{job!r} again, for submission {number + 1}"
        s.require(job not in seen, "an id that no job had before", told)
        seen.add(job)
        if between == "clone":
            seen.add(actor.clone(job))
        elif between in ("delete_job", "abort_job"):
            actor.do(between, job)


@CHECKS.check("submit.new-id", variant="many", count=Each(260))
def _many_new_ids(s: Scenario, count: int) -> None:
    alice = s.open()
    first: dict[str, int] = {}
    for number in range(1, count + 1):
        job = alice.submit()
        s.require(job not in first, "an id that no job had before", f"that of job{first.get(job)} for job{number}")
        first[job] = number


@CHECKS.check("submit.listed", history=EVERY_HISTORY)
def _listed(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    other = s.open()
    for actor in (alice, other):
        for flags in FLAGS.values:
            actor.listed(**flags)
    job = alice.submit()
    for actor in (alice, other, s.open()):
        for flags in FLAGS.values:
            listed = actor.listed(**flags)
            s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("submit.listed", variant="many", count=_SIZES)
def _many_listed(s: Scenario, count: int) -> None:
    actors = _users(s)
    jobs = [(actor, actor.submit()) for _ in range(count) for actor in actors]
    for actor, job in jobs:
        listed = actor.listed()
        s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("submit.meta", history=EVERY_HISTORY)
def _meta(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    other = s.open()
    job = alice.submit()
    for actor in (alice, other, s.open()):
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.returned, "the meta of the job", outcome)


@CHECKS.check("submit.meta", variant="many", count=_SIZES)
def _many_metas(s: Scenario, count: int) -> None:
    actors = _users(s)
    jobs = [(actor, actor.submit()) for _ in range(count) for actor in actors]
    for actor, job in reversed(jobs):
        outcome = actor.do("get_job_meta", job)
        s.require(outcome.returned, "the meta of the job", outcome)


@CHECKS.check("submit.not-done", history=EVERY_HISTORY)
def _not_done(s: Scenario, history: str) -> None:
    for actor in (session_after(s, history), *_users(s)):
        for _ in range(2):
            job = actor.submit(STATES["completed"].plan)  # what an earlier job of some histories was, too
            status = actor.status(job)
            _is_undone(s, job, status, "a status")
            _is_undone(s, job, actor.listed_status(job), "a status in the list")


@CHECKS.check("submit.not-done", variant="many", count=_SIZES)
def _many_not_done(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=5.0)) for _ in range(count)]
    _is_undone(s, jobs[-1], alice.status(jobs[-1]), "a status")


def _is_undone(s: Scenario, job: str, status: object, what: str) -> None:
    """The promise that a job that was just submitted is not done, unless replies took so long that it may be."""
    s.require(not finished(status) or s.due(job, status), f"{what} that is not a finished one", status)


@CHECKS.check("submit.runs", runs=Each(1.0, 10.0, 65.0, 700.0, 4000.0))
def _runs(s: Scenario, runs: float) -> None:
    if runs <= s.system.longest:
        alice = s.open()
        is_run(s, alice, alice.submit(JobPlan(runs=runs)), runs)


@CHECKS.check("submit.runs", variant="everybody", named=Each(False, True))
def _runs_everywhere(s: Scenario, named: bool) -> None:
    """A job that needs all the clients there are, by their number or by their names."""
    clients = s.system.client_names
    alice = s.open()
    plan = JobPlan(runs=2.0, min_clients=max(1, len(clients)), mandatory_clients=clients if named else None)
    is_run(s, alice, alice.submit(plan), 2.0)


@CHECKS.check("submit.runs", variant="history", history=EVERY_HISTORY)
def _runs_after(s: Scenario, history: str) -> None:
    for actor in (session_after(s, history), *_users(s)):
        is_run(s, actor, actor.submit(JobPlan(runs=2.0)), 2.0)


@CHECKS.check("submit.runs", variant="many", count=Each(2, 3, 11))
def _many_run(s: Scenario, count: int) -> None:
    alice = s.open()
    for job in [alice.submit(JobPlan(runs=1.0)) for _ in range(count)]:
        is_run(s, alice, job, 5.0 * count)


_CHANGED: Final = "written-since-it-was-submitted"
"""What stands in a folder that was changed, and in no job that was submitted before."""


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


def _own_copy(fault: str, folder: Path) -> str:
    """The folder of a bad definition, as one that nobody else is handed."""
    bad = str(job_folders.bad_job(BadJob(fault)))
    (shutil.copytree if Path(bad).is_dir() else shutil.copyfile)(bad, folder)
    return str(folder)


@CHECKS.check("submit.folder-untouched", variant="refused", fault=Each(*_FOLDER_FAULTS))
def _refused_folder_untouched(s: Scenario, fault: str) -> None:
    alice = s.open()
    folder = _own_copy(fault, job_folders.scratch() / "contract_job")
    before = _contents(folder)
    alice.do("submit_job", folder)
    _is_untouched(s, folder, before, "after it was refused")


@CHECKS.check("submit.owner", order=Each("01", "10", "0110", "001101", "111010"))
def _owner(s: Scenario, order: str) -> None:
    actors = [s.open(0), s.open(1), s.open(1), s.open(0)]
    jobs = []
    for number, digit in enumerate(order):
        user = int(digit)
        actor = actors[user if number % 2 == 0 else 3 - user]
        jobs.append((s.system.users[user], actor.submit(JobPlan(waits=True))))
        for user_name, job in jobs:
            for reader in actors:
                name = reader.meta(job).get("submitter_name")
                s.require(name == user_name, f"the submitter {user_name}", s.tell(name))


@CHECKS.check("submit.owner", variant="history", history=Each(*MAIN_HISTORIES, "submitted in a callback"))
def _owner_after(s: Scenario, history: str) -> None:
    jobs = {starting_point(s, history).job: 1 if history == "of another user" else 0}
    actors = [s.open(0), s.open(1)]
    jobs.update((actor.submit(JobPlan(waits=True)), user) for user, actor in enumerate(actors))
    for job, user in jobs.items():
        for reader in actors:
            name = reader.meta(job).get("submitter_name")
            s.require(name == s.system.users[user], f"the submitter {s.system.users[user]}", s.tell(name))


@CHECKS.check("submit.time", history=EVERY_HISTORY)
def _time(s: Scenario, history: str) -> None:
    alice = session_after(s, history)
    s.sleep(1000.75)  # no whole second
    started = s.now()
    job = alice.submit(JobPlan(waits=True))
    ended = s.now()
    for actor in (alice, s.open()):
        s.sleep(5.0)
        is_time(s, actor.meta(job).get("submit_time"), started, ended)


@CHECKS.check("submit.time", variant="life", state=Each(*STATES))
def _time_for_life(s: Scenario, state: str) -> None:
    alice = s.open()
    s.sleep(3.0)
    started = s.now()
    job = alice.submit(STATES[state].plan)
    ended = s.now()
    for pause in (0.25, 1.0, 2.0, 10.0, 400.0):
        s.sleep(pause)
        is_time(s, alice.meta(job).get("submit_time"), started, ended)


def is_time(s: Scenario, submitted: object, started: float, ended: float) -> None:
    """The promise that a submit_time is one of the moments from ``started`` to ``ended``."""
    is_number = isinstance(submitted, (int, float)) and not isinstance(submitted, bool)
    s.require(is_number, "submit_time to be a number of seconds", s.tell(submitted))
    assert isinstance(submitted, (int, float))
    when = submitted / s.system.time_unit
    cut = started % 1.0 if isinstance(submitted, int) else 0.0  # a server may keep whole seconds, and say so
    in_time = started - cut - s.slack <= when <= ended + s.slack
    s.require(in_time, f"submit_time between {started:.6f} and {ended:.6f}", f"{when:.6f}")


@CHECKS.check("submit.refusal-leaves-nothing", fault=Each(*job_folders.bad_definitions()))
def _refusal_leaves_nothing(s: Scenario, fault: str) -> None:
    alice, other = s.open(), s.open()
    job = s.job("waiting", alice)
    for again in range(2):
        outcome = alice.do("submit_job", BadJob(fault))
        if outcome.returned:
            return  # not refused: another clause
        if again and s.system.clock is not None:
            s.sleep(10.0)
        for actor in (alice, other):
            for flags in ({}, {"detailed": True, "all": True}):
                listed = actor.listed(**flags)
                s.require(listed == [job], f"only {s.tell(job)} in the list after a refusal", s.tell(listed))


_NO_PLACE = ("not-text", "empty-text")
"""The kinds of bad definitions that name nothing on a disk."""


def _refuses(kind: str) -> None:
    ways = Each(*range(len(job_folders.FAULTS[kind])))

    @CHECKS.check(f"submit.refuses.{kind}", way=ways)
    def body(s: Scenario, way: int) -> None:
        for actor in (*_users(s), s.open()):
            for _ in range(2):
                outcome = actor.do("submit_job", BadJob(f"{kind}/{way}"))
                s.require(outcome.raised("InvalidJobDefinition"), "InvalidJobDefinition", outcome)

    @CHECKS.check(f"submit.refuses.{kind}", variant="history", history=LIKELY_HISTORIES)
    def after_history(s: Scenario, history: str) -> None:
        outcome = session_after(s, history).do("submit_job", BadJob(kind))
        s.require(outcome.raised("InvalidJobDefinition"), "InvalidJobDefinition", outcome)

    if kind in _NO_PLACE:

        @CHECKS.check(f"submit.refuses.{kind}", variant="in a job folder", way=ways)
        def in_a_job_folder(s: Scenario, way: int) -> None:
            """Where nothing might be taken for here."""
            alice = s.open()
            folder = job_folders.job_folder(JobPlan())
            with job_folders.inside(folder):
                if not alice.do("submit_job", folder).returned:
                    return  # a session that does not work anywhere is none to ask
                outcome = alice.do("submit_job", BadJob(f"{kind}/{way}"))
            s.require(outcome.raised("InvalidJobDefinition"), "InvalidJobDefinition, in the folder of a job", outcome)

        return

    @CHECKS.check(f"submit.refuses.{kind}", variant="spoilt", way=Each(0) if kind == "missing-path" else ways)
    def spoilt(s: Scenario, way: int) -> None:
        """A folder that was good when it was submitted before."""
        alice = s.open()
        folder = job_folders.job_folder(JobPlan(), fresh=True)
        alice.submit(folder)
        shutil.rmtree(folder)
        if kind != "missing-path":
            _own_copy(f"{kind}/{way}", Path(folder))
        outcome = alice.do("submit_job", folder)
        s.require(outcome.raised("InvalidJobDefinition"), f"InvalidJobDefinition: now it is {kind}", outcome)


for _kind in job_folders.FAULTS:
    _refuses(_kind)


@CHECKS.check("submit.concurrent", threads=Each(2, 6), shared=Each(False, True), users=Each(1, 2))
def _concurrent(s: Scenario, threads: int, shared: bool, users: int) -> None:
    if not s.system.threads:
        raise NotClaimed("calls from several threads")
    users = min(users, max(1, len(s.system.users)))
    sessions = [s.open(user) for user in range(users)]
    actors = [sessions[n % users] if shared else s.open(n % users) for n in range(threads)]
    outcomes: list[list[Outcome]] = [[] for _ in sessions]
    gate = threading.Barrier(threads)

    def submit(number: int) -> None:
        gate.wait()
        outcomes[number % users].extend(actors[number].do("submit_job", JobPlan(waits=True)) for _ in range(5))

    workers = [threading.Thread(target=submit, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = threads * 5
    every = [outcome for of_user in outcomes for outcome in of_user]
    failed = [outcome for outcome in every if not outcome.returned]
    s.require(not failed, "every submission to be accepted", failed[0] if failed else "")
    ids = {str(outcome.value) for outcome in every}
    s.require(len(ids) == expected, f"{expected} different ids", f"{len(ids)} different ones")
    for number, actor in enumerate(sessions):
        listed = list(map(str, actor.listed()))
        others = [job for job in listed if job not in ids]
        s.require(not others, "only jobs that were submitted in the list", f"{len(others)} others")
        found = sum(listed.count(str(outcome.value)) == 1 for outcome in outcomes[number])
        its_own = len(outcomes[number])
        s.require(found == its_own, f"its {its_own} jobs in the list of user {number + 1}", f"{found} of them")

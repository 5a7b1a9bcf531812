"""submit_job: what it gives, what it keeps, and every definition it has to refuse."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from contract_tests import folders
from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, whole, words
from contract_tests.operations import Outcome
from contract_tests.plan import BadJob, JobPlan
from contract_tests.scenario import Scenario, finished
from contract_tests.system import NotClaimed

CHECKS = CheckTable()


@CHECKS.check("submit.returns-id")
def _returns_id(s: Scenario) -> None:
    outcome = s.open().do("submit_job", JobPlan())
    s.require(outcome.returned and isinstance(outcome.value, str) and outcome.value, "a str that is not empty", outcome)


@CHECKS.check("submit.new-id", count=whole(2, 12))
def _new_id(s: Scenario, count: int) -> None:
    alice = s.open()
    ids = [alice.submit() for _ in range(count)]
    s.require(len(set(ids)) == count, f"{count} different ids", f"{len(set(ids))} different ones: {ids}")


@CHECKS.check("submit.listed", before=whole(0, 12))
def _listed(s: Scenario, before: int) -> None:
    alice = s.open()
    for _ in range(before):
        alice.submit()
    job = alice.submit()
    listed = alice.listed()
    s.require(job in listed, f"{s.tell(job)} in the list", s.tell(listed))


@CHECKS.check("submit.meta", before=whole(0, 12))
def _meta(s: Scenario, before: int) -> None:
    alice = s.open()
    for _ in range(before):
        alice.submit()
    outcome = alice.do("get_job_meta", alice.submit())
    s.require(outcome.returned, "the meta of the job", outcome)


@CHECKS.check("submit.not-done", before=whole(0, 12))
def _not_done(s: Scenario, before: int) -> None:
    alice = s.open()
    for _ in range(before):
        alice.submit()
    status = alice.status(alice.submit(JobPlan(runs=5.0)))
    s.require(not finished(status), "a status that is not a finished one", status)


@CHECKS.check("submit.runs", runs=whole(1, 20))
def _runs(s: Scenario, runs: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=float(runs)))
    waited, limit = 0.0, runs + s.system.patience
    while not finished(alice.status(job)) and waited <= limit:
        s.sleep(1.0)
        waited += 1.0
    status = alice.status(job)
    s.require(status == "FINISHED:COMPLETED", f"FINISHED:COMPLETED within {limit:g} s", status)


@CHECKS.check("submit.copy", change=Each("remove", "edit"))
def _copy(s: Scenario, change: str) -> None:
    alice = s.open()
    folder = folders.job_folder(JobPlan(name="as-submitted", waits=True), fresh=True)
    job = alice.submit(folder)
    before = alice.facts(job)
    if change == "remove":
        shutil.rmtree(folder)
    else:
        shutil.rmtree(Path(folder) / folders.APP)
        Path(folder, "meta.json").write_text('{"name": "changed"}', encoding="utf-8")
    after = alice.facts(job)
    s.unchanged(before, after, "the meta, after the folder was changed,")
    outcome = alice.do("clone_job", job)
    s.require(outcome.returned, "the job to be cloned as it was submitted", outcome)
    name = alice.meta(outcome.value).get("name")
    s.require(name == "as-submitted", "a clone called as-submitted", s.tell(name))


def _contents(folder: str) -> dict[str, bytes]:
    root = Path(folder)
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in root.rglob("*")}


@CHECKS.check("submit.folder-untouched")
def _folder_untouched(s: Scenario) -> None:
    alice = s.open()
    folder = folders.job_folder(JobPlan(), fresh=True)
    before = _contents(folder)
    job = alice.submit(folder)
    alice.need("get_job_meta", job)
    after = _contents(folder)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    s.require(not changed, "the folder as it was", f"changed or added: {', '.join(changed)}")


@CHECKS.check("submit.owner")
def _owner(s: Scenario) -> None:
    alice, bob = s.open(0), s.open(1)
    mine, his, also_mine = alice.submit(), bob.submit(), alice.submit()
    names = [alice.meta(mine).get("submitter_name"), bob.meta(his).get("submitter_name")]
    s.require(names == list(s.system.users[:2]), f"the submitters {', '.join(s.system.users[:2])}", s.tell(names))
    name = alice.meta(also_mine).get("submitter_name")
    s.require(name == s.system.users[0], f"the submitter {s.system.users[0]}", s.tell(name))


@CHECKS.check("submit.time", after=whole(0, 1000))
def _time(s: Scenario, after: int) -> None:
    alice = s.open()
    s.sleep(float(after))
    started = s.now()
    job = alice.submit(JobPlan(waits=True))
    ended = s.now()
    s.sleep(5.0)
    submitted = alice.meta(job).get("submit_time")
    is_number = isinstance(submitted, (int, float))
    s.require(is_number, "submit_time to be a number of seconds", s.tell(submitted))
    assert isinstance(submitted, (int, float))
    when = submitted / s.system.time_unit
    in_time = started - s.slack <= when <= ended + s.slack
    s.require(in_time, f"submit_time between {started:.6f} and {ended:.6f}", f"{when:.6f}")


_BAD = Each(*(f"{kind}/{number}" for kind, ways in folders.FAULTS.items() for number in range(len(ways))))


@CHECKS.check("submit.refusal-leaves-nothing", fault=_BAD)
def _refusal_leaves_nothing(s: Scenario, fault: str) -> None:
    alice = s.open()
    job = s.job("waiting", alice)
    outcome = alice.do("submit_job", BadJob(fault))
    listed = alice.listed()
    s.require(outcome.returned or listed == [job], f"only {s.tell(job)} in the list after a refusal", s.tell(listed))


def _refuses(kind: str) -> None:
    ways = Each(*range(len(folders.FAULTS[kind])))

    @CHECKS.check(f"submit.refuses.{kind}", way=ways)
    def body(s: Scenario, way: int) -> None:
        outcome = s.open().do("submit_job", BadJob(f"{kind}/{way}"))
        s.require(outcome.raised("InvalidJobDefinition"), "InvalidJobDefinition", outcome)


for _kind in folders.FAULTS:
    _refuses(_kind)


@CHECKS.check("submit.concurrent", threads=whole(2, 6), each=whole(1, 5))
def _concurrent(s: Scenario, threads: int, each: int) -> None:
    if not s.system.threads:
        raise NotClaimed("calls from several threads")
    actors = [s.open() for _ in range(threads)]
    outcomes: list[Outcome] = []
    gate = threading.Barrier(threads)

    def submit(number: int) -> None:
        gate.wait()
        outcomes.extend(actors[number].do("submit_job", JobPlan(waits=True)) for _ in range(each))

    workers = [threading.Thread(target=submit, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    failed = [outcome for outcome in outcomes if not outcome.returned]
    s.require(not failed, "every submission to be accepted", failed[0] if failed else "")
    ids = {outcome.value for outcome in outcomes}
    s.require(len(ids) == threads * each, f"{threads * each} different ids", f"{len(ids)} different ones")
    listed = actors[0].listed()
    s.require(sorted(map(str, listed)) == sorted(map(str, ids)), f"{threads * each} jobs in the list", s.tell(listed))


@CHECKS.check("meta.name", name=words())
def _name(s: Scenario, name: str) -> None:
    alice = s.open()
    told = alice.meta(alice.submit(JobPlan(name=name))).get("name")
    s.require(told == name, f"the name {name!r}", s.tell(told))

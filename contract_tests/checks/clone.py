"""clone_job: a new job of the same definition, with a life of its own."""

from __future__ import annotations

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, choice, whole, words
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, STATES, Scenario, finished

CHECKS = CheckTable()
_ANY_STATE = Each(*STATES)
_DEFINITION = ("name", "deploy_map", "resource_spec", "min_clients", "mandatory_clients")


@CHECKS.check("clone.returns-id")
def _returns_id(s: Scenario) -> None:
    alice = s.open()
    outcome = alice.do("clone_job", alice.submit())
    s.require(outcome.returned and isinstance(outcome.value, str) and outcome.value, "a str that is not empty", outcome)


@CHECKS.check("clone.new-id", count=whole(1, 8), remove=choice("nothing", "original", "clones"))
def _new_id(s: Scenario, count: int, remove: str) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    seen = {job}
    for number in range(count):
        clone = alice.clone(job)
        s.require(clone not in seen, "an id that no job had before", f"{clone}, for clone {number + 1}")
        seen.add(clone)
        if remove == "clones":
            alice.need("delete_job", clone)
        elif remove == "original":
            alice.need("delete_job", job)
            job = clone


@CHECKS.check("clone.definition", name=words(), min_clients=whole(1, 4), mandatory=choice(None, (), ("site-1",)))
def _definition(s: Scenario, name: str, min_clients: int, mandatory: list[str] | None) -> None:
    alice = s.open()
    plan = JobPlan(
        name=name, min_clients=min_clients, mandatory_clients=None if mandatory is None else tuple(mandatory)
    )
    job = alice.submit(plan)
    original, clone = alice.meta(job), alice.meta(alice.clone(job))
    for key in _DEFINITION:
        same = clone.get(key) == original.get(key)
        s.require(same, f"{key} of the clone to be {s.tell(original.get(key))}", s.tell(clone.get(key)))


@CHECKS.check("clone.starts-over", state=_ANY_STATE)
def _starts_over(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    outcome = alice.do("clone_job", job)
    s.require(outcome.returned, f"a clone of a job that is {state}", outcome)
    status = alice.status(outcome.value)
    s.require(status == "SUBMITTED", "the clone to be SUBMITTED", status)


@CHECKS.check("clone.listed", state=_ANY_STATE)
def _listed(s: Scenario, state: str) -> None:
    alice = s.open()
    clone = alice.clone(s.job(state, alice))
    listed = alice.listed()
    s.require(clone in listed, f"{s.tell(clone)} in the list", s.tell(listed))


@CHECKS.check("clone.original-untouched", state=_ANY_STATE)
def _original_untouched(s: Scenario, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.facts(job)
    alice.clone(job)
    after = alice.facts(job)
    s.unchanged(before, after, "the original")


@CHECKS.check("clone.runs", state=Each(*(state for state in DONE if STATES[state].plan.runs is not None)))
def _runs(s: Scenario, state: str) -> None:
    alice = s.open()
    clone = alice.clone(s.job(state, alice))
    waited, limit = 0.0, 2 * (STATES[state].plan.runs or 0.0) + s.system.patience
    while not finished(alice.status(clone)) and waited <= limit:
        s.sleep(5.0)
        waited += 5.0
    status = alice.status(clone)
    s.require(finished(status), f"the clone to be done within {limit:g} s", status)


@CHECKS.check("clone.apart-on-abort", state=Each("waiting", "running"), which=Each("clone", "original"))
def _apart_on_abort(s: Scenario, state: str, which: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    clone = alice.clone(job)
    if state == "running":
        s.until(alice, clone, STATES[state].reached, state)
    ended, other = (clone, job) if which == "clone" else (job, clone)
    before = alice.facts(other)
    alice.need("abort_job", ended)
    s.until(alice, ended, finished, "finished")
    after = alice.facts(other)
    s.unchanged(before, after, f"{s.tell(other)}")


@CHECKS.check("clone.apart-on-delete", state=Each("waiting", "running", "completed"), which=Each("clone", "original"))
def _apart_on_delete(s: Scenario, state: str, which: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    clone = alice.clone(job)
    if state != "waiting":
        s.until(alice, clone, STATES[state].reached, state)
    ended, other = (clone, job) if which == "clone" else (job, clone)
    before = alice.facts(other)
    alice.need("delete_job", ended)
    outcome = alice.do("get_job_meta", other)
    s.require(outcome.returned, f"{s.tell(other)} to be there still", outcome)
    after = alice.facts(other)
    s.unchanged(before, after, f"{s.tell(other)}")
    again = alice.do("clone_job", other)
    s.require(again.returned, f"{s.tell(other)} to be cloned still", again)


@CHECKS.check("clone.owner", submitter=Each(0, 1))
def _owner(s: Scenario, submitter: int) -> None:
    actors = [s.open(0), s.open(1)]
    job = actors[submitter].submit(JobPlan(waits=True))
    cloner = s.system.users[0]  # the first user may clone what the second submitted
    clone = actors[0].clone(job)
    name = actors[0].meta(clone).get("submitter_name")
    s.require(name == cloner, f"the submitter {cloner}", s.tell(name))
    mine = actors[0].listed()
    s.require(clone in mine, f"{s.tell(clone)} in the list of {cloner}", s.tell(mine))

"""What goes wrong around a session: no server, a lost session, a refusal, a server that misbehaves."""

from __future__ import annotations

from contract_tests.clauses.shared.failing_calls import (
    SOME_HISTORIES,
    SOME_STATES,
    forms,
    keeps_raising,
    raises,
    raises_at_next_poll,
    raises_between_polls,
    right_call,
    use,
)
from contract_tests.clauses.shared.monitoring import CALLBACK, still_there
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, UNDONE, finished
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, quarter_seconds, sampled_from
from contract_tests.sequences.starting_points import starting_point
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()
_POLLS = sampled_from(0.5, 2.0, 5.0)


def _family(prefix: str, cause: str, expected: str) -> None:
    """Declare, for every method that needs the server, that under ``cause`` it raises ``expected``."""
    for method in SERVER_METHODS:
        clause = f"{prefix}.{method.replace('_', '-')}"

        def body(s: Scenario, state: str, used: bool, method: str = method) -> None:
            alice = s.open()
            job = s.job(state, alice)
            if used:
                use(s, alice, method, job)
            s.on_system(cause)
            keeps_raising(s, alice, method, job, expected)

        def past_(s: Scenario, past: str, method: str = method) -> None:
            actor, job = starting_point(s, past)
            s.on_system(cause)
            keeps_raising(s, actor, method, job, expected)

        CHECKS.check(clause, state=Each(*SOME_STATES), used=Each(False, True))(body)

        def deleted(s: Scenario, method: str = method) -> None:
            alice = s.open()
            job = s.job("completed", alice)
            use(s, alice, method, job)
            alice.need("delete_job", job)
            s.on_system(cause)
            keeps_raising(s, alice, method, job, expected)

        CHECKS.check(clause, variant="past", past=Each(*SOME_HISTORIES))(past_)
        if method in JOB_METHODS:
            CHECKS.check(clause, variant="deleted")(deleted)

    if prefix != "outage":  # of an outage that is a clause of its own

        @CHECKS.check(f"{prefix}.monitor-job", variant="meanwhile", state=Each(*UNDONE), at=Each(1, 2, 5), poll=_POLLS)
        def meanwhile(s: Scenario, state: str, at: int, poll: float) -> None:
            alice = s.open()
            raises_at_next_poll(s, alice, s.job(state, alice), cause, expected, at, poll)

    clause = "outage.monitoring" if prefix == "outage" else f"{prefix}.monitor-job"

    @CHECKS.check(
        clause,
        variant="between polls",
        state=Each(*UNDONE),
        callback_given=CALLBACK,
        after=quarter_seconds(0, 12),
        poll=_POLLS,
    )
    def between(s: Scenario, state: str, callback_given: bool, after: float, poll: float) -> None:
        alice = s.open()
        raises_between_polls(s, alice, s.job(state, alice), cause, expected, after, poll, callback_given)


def _lost_for_good(method: str) -> None:
    @CHECKS.check(f"lost.{method.replace('_', '-')}", variant="beside a newer session")
    def body(s: Scenario) -> None:
        alice = s.open()
        job = s.job("waiting", alice)
        s.on_system("lose_sessions")
        newer = s.open()
        use(s, newer, method, newer.submit(JobPlan(waits=True)))
        keeps_raising(s, alice, method, job, "SessionClosed")


_family("outage", "outage", "NoConnection")
_family("lost", "lose_sessions", "SessionClosed")
for _method in SERVER_METHODS:
    _lost_for_good(_method)
_family("misbehaving", "misbehave", "InternalError")


@CHECKS.check("outage.monitoring", state=Each(*UNDONE), at=Each(1, 2, 5, 12), poll=_POLLS)
def _monitoring(s: Scenario, state: str, at: int, poll: float) -> None:
    alice = s.open()
    raises_at_next_poll(s, alice, s.job(state, alice), "outage", "NoConnection", at, poll)


@CHECKS.check("outage.open", known=Each(True, False))
def _open(s: Scenario, known: bool) -> None:
    if known:
        s.open()
    s.on_system("outage")
    for role, user in zip(("alice", "bob"), s.system.users or ("",), strict=False):
        for pause in (0.0, 0.0, 100.0):
            s.sleep(pause)
            outcome = s.try_open(role, user)
            s.require(outcome.raised("NoConnection"), "NoConnection", outcome)


def _works(outcome: Outcome) -> bool:
    """Whether a call did what it may do: to download from a job that is not done may be refused."""
    return outcome.returned or outcome.raised("JobNotDone")


def _goes_the_way_of(s: Scenario, first: Outcome, outcome: Outcome) -> None:
    same = _works(outcome) if first.returned else outcome.raised("SessionClosed")
    way = "usable" if first.returned else "SessionClosed for good"
    s.require(same, f"every method to go the way of the first: {way}", outcome)


def _all_methods(s: Scenario, actor: Actor, job: str, *, download: bool) -> list[Outcome]:
    """What every method does that leaves ``job`` there; downloads, which take most of the time, only where asked."""
    outcomes = []
    for method in SERVER_METHODS:
        arguments = (job, s.real(3.0)) if method == "monitor_job" else right_call(method, job)
        if method not in ("abort_job", "delete_job") and (download or method != "download_job_result"):
            outcomes.append(actor.do(method, *arguments))
    return outcomes


@CHECKS.check(
    "outage.recovery", tried=Each(0, 1, 3, 7), lasts=Each(0.0, 5.0, 100.0, 4_000.0), monitored=Each(False, True)
)
def _recovery(s: Scenario, tried: int, lasts: float, monitored: bool) -> None:
    alice = s.open()
    job = s.job("running", alice) if monitored else alice.submit(JobPlan(waits=True))
    s.on_system("outage")
    for _ in range(tried):
        alice.do("list_jobs")
    if monitored:
        alice.do("monitor_job", job)
    s.sleep(min(lasts, s.system.longest / 25))
    if tried > 1:
        alice.do("submit_job", JobPlan())
    _recovers(s, alice, job, download=tried == 1 and lasts == 0)


def _recovers(s: Scenario, actor: Actor, job: str, *, download: bool) -> None:
    """The assertion that after an outage a session is usable again, or over for good."""
    s.on_system("recover")
    first = actor.do("get_job_meta", job)
    right = first.returned or first.raised("SessionClosed")
    s.require(right, "a session that is usable again, or SessionClosed", first)
    for _ in range(2):
        for outcome in _all_methods(s, actor, job, download=download):
            _goes_the_way_of(s, first, outcome)
        s.sleep(20.0)


def _befallen(s: Scenario, cause: str, at: int) -> tuple[Actor, str]:
    """A session whose monitor met trouble after its ``at``-th poll, and the job, which waits."""
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    cb = Callback(act=lambda number: s.on_system(cause) if number == at else None, limit=at + 100)
    alice.monitor(job, cb, timeout=20, poll=1.0)
    return alice, job


@CHECKS.check("outage.recovery", variant="while monitoring", at=Each(1, 3))
def _recovery_of_monitor(s: Scenario, at: int) -> None:
    _recovers(s, *_befallen(s, "outage", at), download=False)


@CHECKS.check("outage.recovery", variant="of any length", tried=integers(0, 4), lasts=quarter_seconds(0, 100))
def _recovery_any(s: Scenario, tried: int, lasts: float) -> None:
    _recovery(s, tried, lasts, False)


@CHECKS.check(
    "outage.refused",
    state=Each(*UNDONE, "completed"),
    method=Each("submit_job", "clone_job", "abort_job", "delete_job"),
    times=Each(1, 3),
)
def _refused(s: Scenario, state: str, method: str, times: int) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before, listed = alice.snapshot(job), len(alice.listed())
    s.on_system("outage")
    for _ in range(times):
        alice.do(method, *right_call(method, job))
    s.on_system("recover")
    other = s.open()
    for _ in range(2):  # the first look must not bring it about
        _as_before(s, alice, other, job, before, listed)
    known = len(s.jobs)
    fresh = alice.do("submit_job", JobPlan(waits=True))
    if fresh.returned:  # nor must any other call
        _all_methods(s, alice, fresh.value, download=True)
        alice.do("abort_job", fresh.value)
        known += alice.do("delete_job", fresh.value).returned
    _as_before(s, alice, other, job, before, listed + len(s.jobs) - known)


def _as_before(s: Scenario, alice: Actor, other: Actor, job: str, before: dict[str, object], listed: int) -> None:
    """The assertion, by two sessions, that a job is as it was and no other came or went."""
    still_there(s, other, job, before)
    now = other.listed()
    s.require(len(now) == listed, f"{listed} jobs in the list, as before", s.tell(now))
    outcome = alice.do("list_jobs")
    if outcome.returned and isinstance(outcome.value, list):  # else the session is over, as it may be
        s.require(len(outcome.value) == listed, f"{listed} jobs in the list, as before", outcome)


@CHECKS.check("outage.close", tried=Each(0, 2), again=Each(False, True), lasts=Each(0.0, 200.0))
def _close(s: Scenario, tried: int, again: bool, lasts: float) -> None:
    alice = s.open()
    alice.submit(JobPlan())
    s.on_system("outage")
    for _ in range(tried):
        alice.do("list_jobs")
    s.sleep(min(lasts, s.system.longest / 25))
    for _ in range(2 if again else 1):
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None", outcome)
    s.on_system("recover")
    for method in ("list_jobs", "get_system_info"):
        outcome = alice.do(method)
        s.require(outcome.raised("SessionClosed"), "SessionClosed after recovery", outcome)


@CHECKS.check("lost.close", used=Each(0, 1, 3), times=Each(1, 3), lasts=Each(0.0, 200.0))
def _close_lost(s: Scenario, used: int, times: int, lasts: float) -> None:
    alice = s.open()
    s.on_system("lose_sessions")
    for _ in range(used):
        alice.do("list_jobs")
    s.sleep(min(lasts, s.system.longest / 25))
    for _ in range(times):
        outcome = alice.do("close")
        s.require(outcome.returned and outcome.value is None, "None", outcome)


_MAY_NOT = ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job")


def _denied(method: str) -> None:
    @CHECKS.check(f"denied.{method.replace('_', '-')}", state=Each(*STATES), owner=Each(0, 1))
    def body(s: Scenario, state: str, owner: int) -> None:
        alice, guest = s.open(owner if len(s.system.users) > 1 else 0), s.open_restricted()
        job = s.job(state, alice)
        keeps_raising(s, guest, method, job, "AuthorizationError")
        if method != "delete_job":  # after which there is nothing left to be refused
            alice.do(method, *right_call(method, job))  # must not open the door
            for form in forms(s, method, job):
                raises(s, guest, method, form, "AuthorizationError")


for _method in _MAY_NOT:
    _denied(_method)


@CHECKS.check("denied.no-effect", state=Each(*STATES), method=Each(*_MAY_NOT))
def _denied_no_effect(s: Scenario, state: str, method: str) -> None:
    alice, guest = s.open(), s.open_restricted()
    job = s.job(state, alice)
    use(s, alice, method, job)  # must not open the door
    before = {actor: actor.snapshot(job) for actor in (alice, guest)}  # a meta may say who reads it
    listed = {actor: sorted(map(str, actor.listed(all=True))) for actor in (alice, guest)}
    for times in (1, 2):
        for _ in range(times):
            guest.do(method, *right_call(method, job))
        for actor, jobs in listed.items():
            still_there(s, actor, job, before[actor])
            now = sorted(map(str, actor.listed(all=True)))
            s.require(now == jobs, f"{len(jobs)} jobs in the list, as before", s.tell(now))


@CHECKS.check("denied.no-effect", variant="result", method=Each(*_MAY_NOT))
def _denied_keeps_result(s: Scenario, method: str) -> None:
    alice, guest = s.open(), s.open_restricted()
    keeps_result(s, alice, lambda job: guest.do(method, *right_call(method, job)))


@CHECKS.check("outage.refused", variant="result", method=Each("clone_job", "abort_job", "delete_job"))
def _refused_keeps_result(s: Scenario, method: str) -> None:
    alice = s.open()

    def refused(job: str) -> None:
        s.on_system("outage")
        alice.do(method, job)
        s.on_system("recover")

    keeps_result(s, alice, refused)


@CHECKS.check("credentials.refused", known=Each(True, False))
def _credentials(s: Scenario, known: bool) -> None:
    if s.system.unknown_user is None:
        raise NotClaimed("a user whose credentials are bad")
    for _ in range(3):
        if known:
            s.open()
        outcome = s.try_open("stranger", s.system.unknown_user)
        s.require(outcome.raised("AuthenticationError"), "AuthenticationError", outcome)


@CHECKS.check("misbehaving.recovery", method=Each(*SERVER_METHODS), lasts=Each(0.0, 100.0), times=Each(1, 4))
def _misbehaving_recovery(s: Scenario, method: str, lasts: float, times: int) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(waits=True))
    s.on_system("misbehave")
    for _ in range(times):
        alice.do(method, *right_call(method, job))  # whether this had an effect is not promised
    s.sleep(min(lasts, s.system.longest / 25))
    _behaves(s, alice, download=method == "download_job_result")


@CHECKS.check("misbehaving.recovery", variant="while monitoring", at=Each(1, 3))
def _misbehaving_recovery_of_monitor(s: Scenario, at: int) -> None:
    _behaves(s, _befallen(s, "misbehave", at)[0], download=False)


def _behaves(s: Scenario, alice: Actor, *, download: bool) -> None:
    """The assertion that a session, and one that is opened now, are usable again when the server behaves again."""
    s.on_system("behave")
    for actor in (alice, s.open()):
        fresh = actor.do("submit_job", JobPlan(waits=True))
        s.require(fresh.returned, "a session that is usable again", fresh)
        for outcome in _all_methods(s, actor, fresh.value, download=download):
            s.require(_works(outcome), "a session that is usable again", outcome)
        for probe in ("abort_job", "delete_job"):
            outcome = actor.do(probe, fresh.value)
            s.require(outcome.returned, "a session that is usable again", outcome)
    to_end = alice.submit(JobPlan(runs=2.0))
    outcome = alice.monitor(to_end, timeout=120)
    s.require(outcome.returned and finished(alice.status(to_end)), "jobs to run again", outcome)

"""The player: plays sequences of calls, given as data, on a system, and judges each by the contract's model.

A call is a list: its name and its arguments, with sessions and jobs by number. Numbers wrap around, so any list is
playable, and a sequence that failed can be played again from its data alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere, Violation
from contract_tests.scenario.interleaving import Interleaving
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import SELDOM
from contract_tests.sequences.model.handouts import Handouts
from contract_tests.sequences.model.jobs import Disagreement, Model
from contract_tests.sequences.model.monitors import Monitor
from contract_tests.sequences.model.service import FAULTS, Fault, Service
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed, System

PLANS: Final = {
    "short": JobPlan("short-job", runs=2.0, mark="mark-of-a-short-job"),
    "long": JobPlan("Long Job", runs=200.0, mark="mark-of-a-long-job"),
    "waits": JobPlan("waiting_job", waits=True),
    "fails": JobPlan("7", runs=3.0, ends="EXECUTION_EXCEPTION"),
    "slow start": JobPlan(runs=4.0, dispatches=20.0),
}

ON_JOBS: Final = ("clone", "meta", "abort", "delete", "download", "monitor", "watch", "inside", "abort while")
"""Calls that need a job to have been made."""

_SESSIONS: Final = (0, 0, 1, 1)
"""The user of each session: two sessions for each of two users."""

_ROLES: Final = ("alice", "bob")

_POLL: Final = 1.0
"""Contract seconds between the polls of monitors."""

_FURTHER: Final = (("further", 2), {"named": "argument"})
"""What callbacks are to get besides."""

_MEANWHILE: Final = 1.0
"""Contract seconds after which somebody does something while an abort waits."""


class _NotServed(Exception):
    """A call ended in the error that was due: the model of jobs has nothing to say of it."""


class Player:
    """Plays calls on a scenario's system and, unless it is not to judge, compares each outcome with the model.

    Raises:
        Violation: an outcome disagrees with the model.
    """

    def __init__(self, scenario: Scenario, *, judging: bool = True) -> None:
        self._s = self.scenario = scenario
        self._judging = judging
        users = scenario.system.users
        self._user_of = _SESSIONS if len(users) > 1 else (0, 0)
        self._names = users or None
        self._actors: list[Actor] = [scenario.open(user) for user in self._user_of]
        self.model = Model(patience=scenario.system.patience, clients=frozenset(scenario.system.client_names))
        self.service = Service()
        self._handouts = Handouts()

    @property
    def jobs(self) -> int:
        """How many jobs have been made so far."""
        return len(self.model.ids)

    @property
    def ids(self) -> list[str]:
        """The ids of those jobs, in order."""
        return list(self.model.ids.values())

    def session(self, number: int) -> tuple[int, Actor]:
        """A session by its number: its user's, and the session."""
        return self._actor(number)

    def can(self, call: list[Any]) -> bool:
        """Whether a call can be played: one on a job takes that there is one."""
        return call[0] not in ON_JOBS or self.jobs > 0

    def play(self, call: list[Any]) -> None:
        """Perform one call and judge its outcome."""
        with suppress(_NotServed):
            self._judged(getattr(self, f"_{call[0].replace(' ', '_')}"), *call[1:])

    def end(self) -> None:
        """Judge what can be judged in the end alone: that what was handed out has stayed as it was."""
        self._judged(self._handouts.stay)

    def _judged(self, act: Callable[..., None], *args: Any) -> None:
        with suppress(NotClaimed):  # where there is no clock, no time passes for the model
            self.model.now = self._s.now()
        try:
            act(*args)
        except Disagreement as error:
            expected, observed = error.args
            self._s.require(not self._judging, expected, observed)

    def _taken(self, outcome: Outcome) -> None:
        """What was handed out is the caller's, who writes into it; where nothing is judged it is left alone."""
        if self._judging and outcome.returned:
            self._handouts.take(outcome.value)

    def state(self, session: int) -> str:
        """What is known of a session: ``open``, ``over``, or ``in doubt`` after an outage."""
        return self.service.state(self._actor(session)[1].name)

    def _ask(self, actor: Actor, method: str, *args: Any, **kwargs: Any) -> Outcome:
        """Make a call; what comes of one that is not served is judged here.

        Raises:
            _NotServed: it ended in the error that was due.
        """
        return self._served(actor, actor.do(method, *args, **kwargs), args)

    def _served(self, actor: Actor, outcome: Outcome, args: tuple[Any, ...]) -> Outcome:
        gone = any(map(self.model.is_gone, args))
        if not self.service.serves(actor.name, outcome, self.ids, gone=gone):
            raise _NotServed
        return outcome

    def _actor(self, session: int) -> tuple[int, Actor]:
        index = session % len(self._actors)
        return self._user_of[index], self._actors[index]

    def _job(self, number: int) -> tuple[int, str]:
        number = (number - 1) % self.jobs + 1
        return number, self.model.ids[number]

    def _submit(self, session: int, plan: str) -> None:
        owner, actor = self._actor(session)
        wanted = PLANS[plan]
        try:
            outcome = self._ask(actor, "submit_job", wanted)
        except NotClaimed:
            if wanted.mark is None:
                raise
            wanted = replace(wanted, mark=None)
            outcome = self._ask(actor, "submit_job", wanted)
        self.model.created(owner, wanted, outcome)

    def _clone(self, session: int, number: int) -> None:
        owner, actor = self._actor(session)
        number, job = self._job(number)
        if owner != self.model.jobs[number].owner:
            owner, actor = self._actor(0)  # only the first user is known to be allowed to
        self.model.cloned(number, owner, self._ask(actor, "clone_job", job))

    def _meta(self, session: int, number: int) -> None:
        number, job = self._job(number)
        outcome = self._ask(self._actor(session)[1], "get_job_meta", job)
        self.model.read(number, self._submitter(number), outcome)
        self._taken(outcome)

    def _submitter(self, number: int) -> str | None:
        """The name of a job's owner, where it is known."""
        return self._names[self.model.jobs[number].owner] if self._names else None

    def _list(self, session: int, everyone: bool, detailed: bool) -> None:
        owner, actor = self._actor(session)
        flags = {"detailed": True} if detailed else {}
        try:
            outcome = self._ask(actor, "list_jobs", **flags, **({"all": True} if everyone else {}))
        except JudgedElsewhere:
            everyone, outcome = False, self._ask(actor, "list_jobs", **flags)
        self.model.listed(None if everyone else owner, outcome, detailed=detailed, submitters=self._names)
        self._taken(outcome)

    def _allowed(self, session: int, number: int) -> Actor:
        """A session that may change the job: the wanted one, or one of the job's owner."""
        owner = self.model.jobs[number].owner
        user, actor = self._actor(session)
        return actor if user in (0, owner) else self._actors[0]

    def _abort(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.aborted(number, self._ask(self._allowed(session, number), "abort_job", job))

    def _delete(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.deleted(number, self._ask(self._allowed(session, number), "delete_job", job))

    def _download(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.downloaded(number, self._ask(self._allowed(session, number), "download_job_result", job))

    def _monitor(self, session: int, number: int, timeout: int, stop_at: int) -> None:
        """A monitor without a callback, with one that ends it at some call, or with one that never does."""
        self._watched(
            session, number, timeout, Callback(answers=(True,) * (stop_at - 1), then=stop_at < 0) if stop_at else None
        )

    def _watched(self, session: int, number: int, timeout: int, callback: Callback | None) -> None:
        """Monitor a job; each call of the callback is judged when it comes, and all of them in the end.

        Raises:
            Disagreement: something was wrong with them.
            Violation: the same, in a callback: it is raised here, as it is not for the monitor to see.
            _NotServed: the monitor ended in the error that was due.
        """
        number, job = self._job(number)
        actor, known = self._actor(session)[1], self.model.jobs[number]
        done, there, over = known.final is not None, not known.deleted, actor.name in self.service.over
        found: list[Violation] = []
        act = callback.act if callback else None

        def do(call: int) -> None:
            try:
                self._judged(self._told, number, callback.calls[-1].meta if callback else None)
                if act:
                    act(call)
            except Violation as violation:
                found.append(violation)

        if callback:
            callback.act = do
        more: tuple[tuple[Any, ...], dict[str, Any]] = _FURTHER if callback else ((), {})
        try:
            outcome = actor.monitor(job, callback, *more[0], timeout=timeout, poll=_POLL, **more[1])
        except JudgedElsewhere:
            more = (), {}
            outcome = actor.monitor(job, callback, timeout=timeout, poll=_POLL)
        if found:
            raise found[0]
        if over or actor.name not in self.service.over:
            self._served(actor, outcome, (job,))
        elif outcome.raised("SessionClosed"):  # it was closed in a callback
            return
        monitor = Monitor(actor.session, job, callback, timeout, _POLL, *more, slack=self._s.slack)
        monitor.judge(outcome)
        if not (there and known.deleted):  # in a callback, that is: the poll before may have found the job done
            self.model.monitored(number, outcome, monitor.codes(done=done))

    def _told(self, number: int, meta: Any) -> None:
        """A callback is told of its job what its meta tells."""
        self.model.read(number, self._submitter(number), Outcome("returned", meta))

    def _abort_while(self, session: int, number: int, act: str, other: int) -> None:
        """An abort, and while it waits, if it does, a call of another session about the same job."""
        number, job = self._job(number)
        found: list[Violation] = []

        def do() -> None:
            try:
                self.play([act, other, number])
            except Violation as violation:  # not for the abort to see
                found.append(violation)

        there = not self.model.jobs[number].deleted
        self.model.jobs[number].aborted |= there
        with Interleaving(self._s, _MEANWHILE, do):
            outcome = self._ask(self._allowed(session, number), "abort_job", job)
        if found:
            raise found[0]
        if there and self.model.jobs[number].deleted and outcome.raised("JobNotFound"):
            return  # it was deleted meanwhile
        self.model.aborted(number, outcome, begun=there)

    def _watch(self, session: int, number: int, act: str, at: int) -> None:
        """A monitor whose callback does something with the job, once, looks at it, and ends on the call after."""

        def do(call: int) -> None:
            if call == at:
                self.play([act, session, number])
                self.play(["meta", session, number])

        self._watched(session, number, 60, Callback(answers=(True,) * at, then=False, act=do))

    def _refused(self, session: int) -> None:
        actor = self._actor(session)[1]
        actor.do("submit_job", BadJob("no-meta"))
        for method in JOB_METHODS:
            actor.do(method, "no-such-job")

    def _outage(self, session: int) -> None:
        """An outage that one session notices; all sessions are opened anew after it."""
        if self._noticed(session, FAULTS["outage"]):
            for index in range(len(self._actors)):
                self._reopen(index)

    def _trouble(self, session: int, name: str) -> None:
        """A fault that begins, that one session notices, and that ends.

        Sessions that don't answer any more are opened anew, the others keep what they know.
        """
        if self._noticed(session, FAULTS[name]):
            for index, (user, actor) in enumerate(zip(self._user_of, self._actors, strict=True)):
                if actor.name not in self.service.over and not actor.do("list_jobs").returned:
                    self._actors[index] = self._s.open(user)

    def _noticed(self, session: int, fault: Fault) -> bool:
        """Whether a fault has begun and ended; what it makes of a session is not judged."""
        try:
            self._to_system(fault.begin, fault)
        except NotClaimed:
            return False
        self._actor(session)[1].do("list_jobs")
        if fault.end:
            self._to_system(fault.end, fault)
        return True

    def _newcomer(self) -> None:
        """A client more, where a system offers it; it has nothing to do with any job."""
        name = f"newcomer-{len(self._s.steps)}"
        self.model.newcomers.add(name)
        with suppress(NotClaimed):
            self._s.on_system("connect_client", name)

    def _inside(self, session: int, number: int, *calls: list[Any]) -> None:
        """A monitor whose callback makes calls, once, and ends it."""

        def do(_: int) -> None:
            for call in calls:
                self.play(call)

        self._watched(session, number, 60, Callback(then=False, act=do))

    def _info(self, session: int) -> None:
        outcome = self._ask(self._actor(session)[1], "get_system_info")
        self.model.informed(outcome)
        self._taken(outcome)

    def _sleep(self, seconds: float) -> None:
        if seconds < SELDOM or self._s.system.longest >= System.longest:
            self._s.sleep(seconds)
        else:  # a system that has not all the time there is
            self._s.sleep_long(seconds)

    def _close(self, session: int) -> None:
        actor = self._actor(session)[1]
        outcome = actor.do("close")
        self.service.over.add(actor.name)
        self.model.returned_none(outcome)

    def _reopen(self, session: int) -> None:
        index = session % len(self._actors)
        if not self.service.error:
            before = self._actors[index]
            closed, look = before.do("close"), before.do("list_jobs")
            self._actors[index] = self._s.open(self._user_of[index])
            self.service.over.add(before.name)
            self.model.returned_none(closed)
            self.service.serves(before.name, look, self.ids)
            return
        self._actors[index].need("close")
        self.service.over.add(self._actors[index].name)
        user = self._user_of[index]
        outcome = self._s.try_open(_ROLES[user], self._names[user] if self._names else "")
        if self.service.opens(outcome):
            self._actors[index] = outcome.value

    def _fault(self, name: str) -> None:
        """A fault begins; while one lasts there is no other."""
        if not self.service.fault:
            self._to_system(FAULTS[name].begin, FAULTS[name])
            self.service.begin(name, [actor.name for actor in self._actors])

    def _repair(self, name: str) -> None:
        """The fault that lasts ends; nobody promises anything of the repair of what is whole."""
        if self.service.fault == name:
            self._to_system(FAULTS[name].end, FAULTS[name])
            self.service.end()

    def _to_system(self, method: str, fault: Fault) -> None:
        if fault.within:
            self.model.forgive()
        if fault.of_clients:
            self.model.clients = frozenset()
        for args in [(name,) for name in self._s.system.client_names] if fault.of_clients else [()]:
            self._s.on_system(method, *args)


def play_all(s: Scenario, calls: list[list[Any]]) -> None:
    """Play a whole sequence; calls on jobs before there is one are left out."""
    player = Player(s)
    for call in calls:
        if player.can(call):
            player.play(call)
    player.end()

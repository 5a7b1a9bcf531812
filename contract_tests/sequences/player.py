"""The player: plays sequences of calls, given as data, on a system, and judges each by the contract's model.

A call is a list: its name and its arguments, with sessions and jobs by number. Numbers wrap around, so any list is
playable, and a sequence that failed can be played again from its data alone.
"""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere, Violation
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.model import Disagreement, Model
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed

PLANS: Final = {
    "short": JobPlan("short-job", runs=2.0),
    "long": JobPlan("Long Job", runs=200.0),
    "waits": JobPlan("waiting_job", waits=True),
    "fails": JobPlan("7", runs=3.0, ends="EXECUTION_EXCEPTION"),
    "slow start": JobPlan(runs=4.0, dispatches=20.0),
}

ON_JOBS: Final = ("clone", "meta", "abort", "delete", "download", "monitor", "watch")
"""Calls that need a job to have been made."""

_SESSIONS: Final = (0, 0, 1, 1)
"""The user of each session: two sessions for each of two users."""


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
        self.model = Model()

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

    def play(self, call: list[Any]) -> None:
        """Perform one call and judge its outcome."""
        try:
            getattr(self, f"_{call[0].replace(' ', '_')}")(*call[1:])
        except Disagreement as error:
            expected, observed = error.args
            self._s.require(not self._judging, expected, observed)

    def _actor(self, session: int) -> tuple[int, Actor]:
        index = session % len(self._actors)
        return self._user_of[index], self._actors[index]

    def _job(self, number: int) -> tuple[int, str]:
        number = (number - 1) % self.jobs + 1
        return number, self.model.ids[number]

    def _submit(self, session: int, plan: str) -> None:
        owner, actor = self._actor(session)
        self.model.created(owner, PLANS[plan], actor.do("submit_job", PLANS[plan]))

    def _clone(self, session: int, number: int) -> None:
        owner, actor = self._actor(session)
        number, job = self._job(number)
        if owner != self.model.jobs[number].owner:
            owner, actor = self._actor(0)  # only the first user is known to be allowed to
        self.model.cloned(number, owner, actor.do("clone_job", job))

    def _meta(self, session: int, number: int) -> None:
        number, job = self._job(number)
        submitter = self._names[self.model.jobs[number].owner] if self._names else None
        self.model.read(number, submitter, self._actor(session)[1].do("get_job_meta", job))

    def _list(self, session: int, everyone: bool, detailed: bool) -> None:
        owner, actor = self._actor(session)
        flags = {"detailed": True} if detailed else {}
        try:
            outcome = actor.do("list_jobs", **flags, **({"all": True} if everyone else {}))
        except JudgedElsewhere:
            everyone, outcome = False, actor.do("list_jobs", **flags)
        self.model.listed(None if everyone else owner, outcome)

    def _allowed(self, session: int, number: int) -> Actor:
        """A session that may change the job: the wanted one, or one of the job's owner."""
        owner = self.model.jobs[number].owner
        user, actor = self._actor(session)
        return actor if user in (0, owner) else self._actors[0]

    def _abort(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.aborted(number, self._allowed(session, number).do("abort_job", job))

    def _delete(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.deleted(number, self._allowed(session, number).do("delete_job", job))

    def _download(self, session: int, number: int) -> None:
        number, job = self._job(number)
        self.model.downloaded(number, self._allowed(session, number).do("download_job_result", job))

    def _monitor(self, session: int, number: int, timeout: int, stop_at: int) -> None:
        number, job = self._job(number)
        callback = Callback(answers=(True,) * (stop_at - 1) + (False,)) if stop_at else None
        outcome = self._actor(session)[1].monitor(job, callback, timeout=timeout, poll=1.0)
        stopped = callback is not None and len(callback.calls) >= stop_at
        self.model.monitored(number, timeout, stopped, outcome)

    def _watch(self, session: int, number: int, act: str, at: int) -> None:
        """A monitor whose callback does something with the job, once, and ends it on the call after."""
        number, job = self._job(number)
        found: list[Violation] = []

        def do(call: int) -> None:
            if call == at:
                try:
                    self.play([act, session, number])
                except Violation as violation:  # not for the monitor to see
                    found.append(violation)

        callback = Callback(answers=(True,) * at, then=False, act=do)
        outcome = self._actor(session)[1].monitor(job, callback, timeout=60, poll=1.0)
        if found:
            raise found[0]
        if len(callback.calls) < at or act != "delete":  # the poll before may have found the job done
            self.model.monitored(number, 60, len(callback.calls) > at, outcome)

    def _refused(self, session: int) -> None:
        actor = self._actor(session)[1]
        actor.do("submit_job", BadJob("no-meta"))
        for method in JOB_METHODS:
            actor.do(method, "no-such-job")

    def _outage(self, session: int) -> None:
        """An outage that one session notices; what it makes of a session is not judged, so all are opened anew."""
        try:
            self._s.on_system("outage")
        except NotClaimed:
            return
        self._actor(session)[1].do("list_jobs")
        self._s.on_system("recover")
        for index in range(len(self._actors)):
            self._reopen(index)

    def _info(self, session: int) -> None:
        self.model.informed(self._actor(session)[1].do("get_system_info"))

    def _sleep(self, seconds: float) -> None:
        self._s.sleep(seconds)

    def _reopen(self, session: int) -> None:
        index = session % len(self._actors)
        self._actors[index].need("close")
        self._actors[index] = self._s.open(self._user_of[index])


def play_all(s: Scenario, calls: list[list[Any]]) -> None:
    """Play a whole sequence; calls on jobs before there is one are left out."""
    player = Player(s)
    for call in calls:
        if call[0] not in ON_JOBS or player.jobs:
            player.play(call)

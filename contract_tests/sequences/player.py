"""Sequences of calls as data, played on a system and judged by the contract's model, call by call.

The state machine draws the calls one at a time; a sequence that failed can be played again from its data alone. A call
is a list: its name and its arguments, with sessions and jobs by number. Numbers wrap around, so any list is playable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere, Violation
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.model import Disagreement, Model
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.system import NotClaimed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

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


def any_call() -> SearchStrategy[list[Any]]:
    """Any call, drawn by Hypothesis: those that change something, or tell what changed, more often than the rest."""
    from hypothesis import strategies as st

    sessions, jobs = st.integers(0, 3), st.sampled_from([1, 2, 0, -1, 3, 4, 5, 6, 7])  # 0 is the newest

    def call(name: str, *arguments: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
        return st.tuples(st.just(name), *arguments).map(list)

    submits = call("submit", sessions, st.sampled_from(sorted(PLANS)))
    sleeps = call("sleep", st.sampled_from([0.25, 1.0, 3.0, 10.0, 60.0, 300.0]))
    lists = call("list", sessions, st.booleans(), st.booleans())
    clones, metas, deletes = (call(name, sessions, jobs) for name in ("clone", "meta", "delete"))
    rarer = (
        *(call(name, sessions, jobs) for name in ("abort", "download")),
        call("monitor", sessions, jobs, st.integers(1, 20), st.integers(0, 3)),
        call("watch", sessions, jobs, st.sampled_from(["abort", "delete", "clone", "meta"]), st.integers(1, 2)),
        call("info", sessions),
        call("reopen", sessions),
    )
    often = (submits, sleeps, lists, clones, metas, deletes)
    return st.one_of(*often, *rarer, *often)


TOUR_CALLS: Final = ("clone", "abort", "delete", "monitor", "download", "reopen", "sleep")
"""What a tour can be made of."""

_END: Final[tuple[tuple[Any, ...], ...]] = (("monitor", 2, 0), ("delete",), ("monitor", 2, 0), ("clone",))
"""How a tour ends with a job: what was done there must not be remembered."""


def tour(first: str, second: str) -> list[list[Any]]:
    """A sequence in which two kinds of calls meet on three jobs of two users, and everybody looks at all after each.

    The machine finds such sequences sooner or later; tours are sure to be tried.
    """
    looks: list[list[Any]] = [
        *(["meta", session, number] for session, number in ((0, 1), (1, 2), (3, 1), (0, 3), (2, 4), (1, 5))),
        ["list", 0, False, False],
        ["list", 1, True, True],
        ["list", 2, False, True],
        ["list", 3, True, False],
        ["info", 0],
    ]
    return [
        ["submit", 0, "waits"],
        ["submit", 2, "waits"],
        ["submit", 1, "long"],
        ["list", 2, True, False],
        ["sleep", 3.0],
        _on(first, 0, 1),
        _on(first, 2, 2),
        _on(first, 1, 1),
        *looks,
        _on(second, 1, 4),
        *looks,
        _on(second, 1, 1),
        _on(second, 0, 3),
        _on(first, 1, 4),
        _on(second, 0, 4),
        ["reopen", 0],
        *looks,
        ["submit", 3, "short"],
        ["submit", 0, "waits"],
        _on(second, 0, 1),
        _on(second, 3, 2),
        ["sleep", 10.0],
        *looks,
        _on(first, 0, 5),
        *([call, 1, number, *more] for number in (1, 3, 6) for call, *more in _END),
        *looks,
    ]


def _on(call: str, session: int, number: int) -> list[Any]:
    """A call of a tour, on a job where it is about one."""
    if call == "reopen":
        return ["reopen", session]
    if call == "sleep":
        return ["sleep", 60.0]
    return ["monitor", session, number, 3, 2] if call == "monitor" else [call, session, number]

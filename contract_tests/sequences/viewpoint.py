"""What an invariant is told of a walk: the point that was reached, the session that reads there, and the jobs.

An invariant does without what it only needs and another clause promises: that a meta can't be read is held against the
clause that it can be read, and against no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.operations import Outcome, Step
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import NAMED
from contract_tests.scenario.strategies import FLAGS
from contract_tests.sequences.model.jobs import ModelJob
from contract_tests.sequences.player import Player

_MAKE_JOBS: Final = ("submit_job", "clone_job")
_NO_FLAGS: Final[Mapping[str, bool]] = {}
Value = TypeVar("Value")


class Viewpoint:
    """Where an invariant stands on a walk: one object along the whole of it, moved on from point to point.

    Attributes:
        s: the scenario.
        player: what has been made so far, by the contract's model.
        number: how many calls of the walk were made.
        user, actor: the session that reads at this point, and its user.
        news: the steps since the last point, those of the invariant included.
        made: the step that made a job, by the job's id.
        guessing: whether a job may have been made whose id is not known.
        seen: what the invariant noted at earlier points.
    """

    def __init__(self, s: Scenario, player: Player) -> None:
        self.s = s
        self.player = player
        self.seen: dict[Any, Any] = {}
        self.made: dict[str, Step] = {}
        self.guessing = False
        self.news: list[Step] = []
        self._read = 0
        self.turn(0)

    def turn(self, number: int) -> None:
        """Go on to the point after so many calls."""
        self.number = number
        self.user, self.actor = self.player.session(number)
        self.news = self.s.steps[self._read :]
        self._read = len(self.s.steps)
        for step in self.news:
            if step.operation.method in _MAKE_JOBS and step.outcome.returned:
                if isinstance(step.outcome.value, str):
                    self.made.setdefault(step.outcome.value, step)
                else:
                    self.guessing = True

    # --- who reads ----------------------------------------------------------------------------------------------------

    def sessions(self, user: int | None = None) -> list[Actor]:
        """The sessions of a user, or of all."""
        every = [self.player.session(index) for index in range(4)]
        return list(dict.fromkeys(actor for owner, actor in every if user in (None, owner)))

    def allowed(self, number: int) -> Actor:
        """A session that may do anything to a job: the one that reads here, or the first."""
        owners = (0, self.model(number).owner)
        return self.actor if self.user in owners else self.player.session(0)[1]

    # --- of which job -------------------------------------------------------------------------------------------------

    def jobs(self, user: int | None = None, *, deleted: bool = False) -> list[int]:
        """The numbers of the jobs that are there, or that are not any more; of a user, or of all."""
        jobs = self.player.model.jobs.items()
        return [number for number, job in jobs if job.deleted == deleted and user in (None, job.owner)]

    def submitted(self, user: int | None = None) -> list[int]:
        """The numbers of the jobs that are there and were submitted, not cloned."""
        return [number for number in self.jobs(user) if not self.original(number)]

    def clones(self, user: int | None = None) -> list[int]:
        """The numbers of the clones that are there."""
        return [number for number in self.jobs(user) if self.original(number)]

    def job(self, among: list[int] | None = None) -> int:
        """One of some jobs, or of those that are there, another one every time; 0 when there is none."""
        numbers = self.jobs() if among is None else among
        return numbers[self.number * 7 // 4 % len(numbers)] if numbers else 0

    def id(self, number: int) -> str:
        """The id of a job."""
        return self.player.model.ids[number]

    def model(self, number: int) -> ModelJob:
        """What is known of a job."""
        return self.player.model.jobs[number]

    def original(self, number: int) -> str:
        """The id of the job that a clone was cloned from, or nothing for one that was submitted."""
        operation = self.made[self.id(number)].operation
        return str(operation.args[0]) if operation.method == "clone_job" else ""

    def owner(self, number: int) -> str:
        """The name of a job's submitter, or nothing where users have no names."""
        users = self.s.system.users
        return users[self.model(number).owner] if users else ""

    # --- what is read -------------------------------------------------------------------------------------------------

    def meta(self, number: int, by: Actor | None = None) -> dict[str, Any]:
        """The meta of a job.

        Raises:
            JudgedElsewhere: there is none.
        """
        value = (by or self.actor).do("get_job_meta", self.id(number)).value
        return _needed(value, isinstance(value, dict))

    def status(self, number: int, by: Actor | None = None) -> str:
        """The status of a job.

        Raises:
            JudgedElsewhere: there is none.
        """
        status: Any = self.meta(number, by).get("status")
        told: str = _needed(status, isinstance(status, str))
        return told

    def snapshot(self, number: int, by: Actor | None = None) -> dict[str, Any]:
        """What the contract names of a job's meta; what else is in it may change by itself.

        Raises:
            JudgedElsewhere: there is no meta.
        """
        meta = self.meta(number, by)
        return {key: meta.get(key) for key in NAMED}

    def flags(self) -> dict[str, bool]:
        """Flags of a list, other ones every time."""
        chosen: dict[str, bool] = FLAGS.values[(self.number // 4 + self.number) % len(FLAGS.values)]
        return chosen

    def entries(self, flags: Mapping[str, bool] = _NO_FLAGS, by: Actor | None = None) -> list[dict[str, Any]]:
        """The entries of a list.

        Raises:
            JudgedElsewhere: it is no list of dicts.
        """
        value = (by or self.actor).do("list_jobs", **flags).value
        return _needed(value, is_list_of_dicts(value))

    def listed(self, flags: Mapping[str, bool] = _NO_FLAGS, by: Actor | None = None) -> list[Any]:
        """The ids in a list, in its order.

        Raises:
            JudgedElsewhere: it is no list of dicts.
        """
        return [entry.get("job_id") for entry in self.entries(flags, by)]

    def info(self) -> Any:
        """System info.

        Raises:
            JudgedElsewhere: it lacks a part.
        """
        info = self.actor.do("get_system_info").value
        return _needed(info, has_parts(info))

    def executing(self) -> list[Any]:
        """The ids of the jobs that system info names.

        Raises:
            JudgedElsewhere: it lacks a part.
        """
        return [getattr(entry, "job_id", None) for entry in self.info().job_info]

    # --- what is asserted ---------------------------------------------------------------------------------------------

    def require(self, condition: object, expected: str, observed: object) -> None:
        """The assertion of an invariant; what was observed is told in words.

        Raises:
            Violation: ``condition`` does not hold.
        """
        if not condition:
            told = observed if isinstance(observed, Outcome) else self.s.tell(observed)
            self.s.require(condition, expected, told)


def _needed(value: Value, usable: bool) -> Value:
    if not usable:
        raise JudgedElsewhere
    return value


def is_list_of_dicts(value: Any) -> bool:
    """Whether a value is what list_jobs is to return."""
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def has_parts(info: Any) -> bool:
    """Whether a value is what get_system_info is to return."""
    lists = (getattr(info, part, None) for part in ("client_info", "job_info"))
    return hasattr(info, "server_info") and all(isinstance(part, list) for part in lists)

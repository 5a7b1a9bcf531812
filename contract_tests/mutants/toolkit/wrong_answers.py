"""Base classes of sessions that answer wrongly: new ids, metas, lists of jobs, system info."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import SystemInfo


class Reading(Wrapper):
    """Changes what is read of jobs, in metas and in lists alike."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell something else."""
        return self.told(super().get_job_meta(job_id))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell something else of every job."""
        return [self.told(entry) for entry in super().list_jobs(detailed, all)]

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a job."""
        return meta


class Retelling(Wrapper):
    """Tells other statuses than the server, in metas and in lists."""

    def retell(self, job: str, status: str) -> str:
        """The status to tell."""
        return status

    def view(self, job: str) -> Any:
        """What the server knows of a job."""
        return next(view for view in self.system.server.jobs if view.job_id == job)

    def now(self) -> float:
        """Seconds on the server's clock."""
        return self.system.server.clock.time()

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the other status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.retell(meta["job_id"], meta["status"])}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the other statuses."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.retell(job["job_id"], job["status"])} for job in jobs]


Jobs = list[dict[str, Any]]


class Lists(Wrapper):
    """Changes a list before it is handed out."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """List, then change the answer."""
        return self.changed(super().list_jobs(detailed, all), detailed, all)

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The list to give; ``detailed`` and ``everyone`` are the flags."""
        return jobs


class TellingSystem(Wrapper):
    """Changes what is told of the system."""

    def get_system_info(self) -> Any:
        """Ask, then change the answer."""
        return self.changed(super().get_system_info())

    def changed(self, info: SystemInfo) -> Any:
        """The answer to give."""
        return info


def is_done(status: str) -> bool:
    """Whether a job with this status is done."""
    return status.startswith("FINISHED")


def holds_jobs(generator: Generator, subject: str, method: str) -> None:
    """Declare a session that lets jobs wait for ever that wait when ``method`` is called."""
    right = getattr(Retelling, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = right(self, *args, **kwargs)
        noted(self, "held").extend(job.job_id for job in self.system.server.jobs if job.status == "SUBMITTED")
        return answer

    def retell(self: Any, job: str, status: str) -> str:
        return "SUBMITTED" if job in noted(self, "held") else status

    body.__name__ = method
    generator.session(
        f"{subject.capitalize()}HoldsJobs",
        f"{subject}.no-effect",
        f"lets jobs wait for ever that wait when {method} is called",
        {method: body, "retell": retell},
        Retelling,
    )


# --- reads that leave a mark in what is told of a job, under a key of its own -----------------------------------------

_Noted = Callable[[Any, Wrapper], Any]

_MARKS: Final[Mapping[str, tuple[str, _Noted]]] = {
    "Counts": ("counts in the meta of a job how often {method} was called", lambda told, session: (told or 0) + 1),
    "NotesReader": ("notes in the meta of a job who called {method} last", lambda told, session: f"by {session.user}"),
    "Flags": ("notes in the meta of a job that {method} was called", lambda told, session: True),
}


def marking(generator: Generator, subject: str, method: str) -> None:
    """Declare the sessions whose ``method`` leaves a mark on the job it is called for, or on all, until it is done."""
    for name, (difference, note) in _MARKS.items():
        bodies = {"get_job_meta": _telling, "list_jobs": _listing}
        marked = {method: _noting(method, note, bodies.get(method, getattr(Wrapper, method)))}
        generator.session(
            f"{camel(method)}{name}", f"{subject}.no-effect", difference.format(method=method), {**bodies, **marked}
        )


def _noting(method: str, note: _Noted, right: Callable[..., Any]) -> Callable[..., Any]:
    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = right(self, *args, **kwargs)
        job = args[0] if args and method != "list_jobs" else kwargs.get("job_id")
        for concerned in [job] if job else [view.job_id for view in self.system.server.jobs]:
            self.system.memory[concerned] = note(self.system.memory.get(concerned), self)
        return answer

    body.__name__ = method
    return body


def _marked(session: Wrapper, meta: dict[str, Any]) -> dict[str, Any]:
    mark = session.system.memory.get(meta["job_id"])
    return {**meta, "mark": mark} if mark and not meta["status"].startswith("FINISHED") else meta


def _telling(self: Any, job_id: Any) -> dict[str, Any]:
    return _marked(self, Wrapper.get_job_meta(self, job_id))


def _listing(self: Any, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
    return [_marked(self, job) for job in Wrapper.list_jobs(self, detailed, all)]

"""The jobs a server holds.

Every question the server asks while it works is answered in constant time: by id, by submitter, how many are active.
Only counting and listing jobs costs as much as there are; what is asked for from the end of the list, or by how ids or
names begin, costs as much as there is of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flare_sim.engine.job import Job
    from flare_sim.engine.prefix_tree import PrefixTree

__all__ = ["JobStore"]


class JobStore:
    """Jobs in the order they were submitted.

    Args:
        jobs: those there are, in any order.
        counter: how many there have ever been.
    """

    __slots__ = ("_by_id", "_by_submitter", "_removed", "_trees", "active", "counter", "oddly_named")

    def __init__(self, jobs: Iterable[Job] = (), counter: int = 0) -> None:
        self._by_id: dict[str, Job] = {}
        self._by_submitter: dict[str, list[Job]] = {}
        self._removed: dict[str, int] = {}  # how many of those are there no more
        self.active: dict[int, Job] = {}
        """Jobs the system is busy with, by serial, in the order they were chosen."""
        self.oddly_named: dict[int, Job] = {}
        """Those whose meta has no name, or one that is no text, by serial."""
        self._trees: dict[str, PrefixTree] = {}
        if jobs != ():
            for job in sorted(jobs, key=lambda job: job.serial):
                self.add(job)
            for job in sorted(filter(_is_busy, self), key=lambda job: job.course.turn):
                self.active[job.serial] = job
        self.counter = counter
        """How many jobs there have ever been."""

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._by_id.values())

    def __reversed__(self) -> Iterator[Job]:
        return reversed(self._by_id.values())

    def add(self, job: Job) -> None:
        """Keep a new job."""
        self.counter = job.serial + 1
        self._by_id[job.job_id] = job
        jobs = self._by_submitter.get(job.submitter.name)
        if jobs is None:
            jobs = self._by_submitter[job.submitter.name] = []
        jobs.append(job)
        if job.definition.name_type != "str":
            self.oddly_named[job.serial] = job

    def get(self, job_id: str) -> Job | None:
        """Return the job of that very id."""
        return self._by_id.get(job_id)

    def of(self, submitter: str) -> Iterator[Job]:
        """Return one user's jobs, the newest first."""
        jobs, by_id = self._by_submitter.get(submitter, ()), self._by_id
        if not self._removed.get(submitter):
            return reversed(jobs)
        return (job for job in reversed(jobs) if by_id.get(job.job_id) is job)

    def with_id(self, prefix: str, *, any_case: bool = False) -> Iterator[Job]:
        """Yield the jobs whose id begins with ``prefix``, the newest first."""
        return self._beginning("lower id" if any_case else "id", prefix.lower() if any_case else prefix)

    def with_name(self, prefix: str) -> Iterator[Job]:
        """Yield the jobs whose name begins with ``prefix``, in small letters or capitals, the newest first."""
        return self._beginning("lower name", prefix.lower())

    def remove(self, job: Job) -> None:
        """Forget a job."""
        name = job.submitter.name
        del self._by_id[job.job_id]
        self.oddly_named.pop(job.serial, None)
        removed = self._removed[name] = self._removed.get(name, 0) + 1
        if 2 * removed > len(self._by_submitter[name]):
            left = list(self.of(name))
            left.reverse()
            self._by_submitter[name], self._removed[name] = left, 0

    def move(self, job: Job, state: JobState) -> None:
        """Put a job in another state, which puts everything planned for the old one out of date."""
        job.state = state
        job.status = state.status
        job.epoch += 1
        job.blob = None
        if state.active:
            self.active[job.serial] = job
        else:
            self.active.pop(job.serial, None)

    def leave(self, job: Job) -> None:
        """Let the system be busy with a job no longer, whatever its status says."""
        del self.active[job.serial]

    def _beginning(self, what: str, prefix: str) -> Iterator[Job]:
        tree = self._trees.get(what)
        if tree is None:
            from flare_sim.engine.prefix_tree import PrefixTree

            tree = self._trees[what] = PrefixTree(_TEXTS[what])
        by_id = self._by_id
        return (job for job in tree.newest(prefix, self, len(self)) if by_id.get(job.job_id) is job)

    @property
    def counts(self) -> dict[str, int]:
        """How many jobs there are by status."""
        statuses = [job.state.status for job in self]
        return {status: statuses.count(status) for status in dict.fromkeys(state.status for state in JobState)}


def _is_busy(job: Job) -> bool:
    """Tell whether the system is busy with a job."""
    return job.state.active and not job.progress.orphaned


_TEXTS: dict[str, Callable[[Job], str]] = {
    "id": lambda job: job.job_id,
    "lower id": lambda job: job.job_id.lower(),
    "lower name": lambda job: job.definition.name.lower(),
}
"""What jobs are found by the beginning of."""

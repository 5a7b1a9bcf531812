"""A run as a behavior function sees it, and what it writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import LONGEST_SECONDS, to_seconds, to_ticks
from flare_sim.engine.history import Notes
from flare_sim.engine.runs.random_stream import RandomStream
from flare_sim.jobs.outputs import log_line, metric_values
from flare_sim.jobs.result_files import RunFiles, result_content, result_path
from flare_sim.jobs.site_names import SERVER
from flare_sim.untrusted_values import plain_number, plain_text, readable, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flare_sim.engine.job import Job
    from flare_sim.jobs.definition import JobDefinition

__all__ = ["Run"]

_MOST_SITES = 10


class Run:
    """One run, as a behavior function sees it: when it is about to begin, and when one of its rounds is over.

    Attributes:
        job_id: the job.
        name: its name.
        user: who submitted it.
        sites: the clients taking part that are there, in deploy order.
        definition: the job as submitted.
        time: seconds since the epoch.
        elapsed: how long it has been under way, seconds; pauses do not count.
        round: which round is over, from 0 as NVFLARE counts them; None when the run is about to begin.
        random: random numbers that follow from the job's id and the round; see ``RandomStream``.
    """

    __slots__ = (
        "_files",
        "_lines",
        "_metrics",
        "_planned",
        "definition",
        "elapsed",
        "job_id",
        "name",
        "random",
        "round",
        "sites",
        "time",
        "user",
    )

    def __init__(self, job: Job, now: int, sites: Collection[str] | None = None, number: int | None = None) -> None:
        self.job_id = job.job_id
        self.name = job.definition.name
        self.user = job.submitter.name
        self.sites = tuple(job.sites) if sites is None else tuple(sites)
        self.definition: JobDefinition = job.definition
        self.time = to_seconds(now)
        self.round = number
        self.elapsed = 0.0 if number is None else to_seconds(_elapsed(job, now))
        self.random = RandomStream("run", job.job_id, "" if number is None else str(number))
        self._files = RunFiles()
        self._planned: list[tuple[int, str, bytes]] = []
        self._lines: list[tuple[int, str]] = []
        self._metrics: list[tuple[int, str, tuple[tuple[str, float], ...]]] = []

    @property
    def files(self) -> RunFiles:
        """What it has written in this call (path -> bytes); what is put in is checked as by ``write``."""
        return self._files

    def write(self, path: str, content: bytes | str | Any, *, at: float | None = None) -> None:
        """Write a file into the run's workspace; a later one at the same path replaces the first.

        Args:
            path: relative path with ``/``, such as ``app_server/FL_global_model.pt``.
            content: bytes, or text to be written as UTF-8.
            at: when, seconds since the run began; now unless given.

        Raises:
            ValueError: not a plain relative path, a place where the server itself writes, a file where there is a
                folder, content that is neither text nor bytes, or a time that has passed.
        """
        if at is None:
            self._files[path] = content
        else:
            self._planned.append((self._ticks(at), result_path(path), result_content(content)))

    def log(self, line: str, *, at: float | None = None) -> None:
        """Write a line into the run's log.

        Args:
            line: what it says.
            at: when, seconds since the run began; now unless given.

        Raises:
            ValueError: not one line of text of at most 10,000 letters, or a time that has passed.
        """
        self._lines.append((self._ticks(self.elapsed if at is None else at), log_line(line)))

    def report(self, site: str, metrics: Mapping[str, float]) -> None:
        """Say what a client has reached in the round that is over; see ``metrics`` of ``JobBehavior``.

        Args:
            site: one of ``sites``; or ``"server"`` for what would otherwise be the mean over all of them.
            metrics: numbers by name.

        Raises:
            ValueError: no round is over, no such site, or no numbers by name.
        """
        if self.round is None:
            raise ValueError("no round is over yet, so there is nothing to report")
        name = plain_text(site)
        if name != SERVER and name not in self.sites:
            raise ValueError(f"{shown(site)} has no part in the round")
        self._metrics.append((self.round, str(name), metric_values(metrics)))

    def noted(self) -> Notes | None:
        """Return what it writes that is no file of its beginning, None when that is nothing; for the engine."""
        files = list(self._planned)
        if self.round is not None:
            now = to_ticks(self.elapsed)
            files = [*((now, path, content) for path, content in self._files.plain.items()), *files]
        notes = Notes(tuple(files), tuple(self._lines), tuple(self._metrics))
        return notes if any(notes) else None

    def _ticks(self, at: Any) -> int:
        seconds = plain_number(at)
        if seconds is None or not self.elapsed <= seconds <= LONGEST_SECONDS:
            earliest = f"{self.elapsed:.15g}"
            raise ValueError(f"at must be a number of seconds from {earliest} (now) to 10**9, not {shown(at)}")
        return to_ticks(seconds)

    def __repr__(self) -> str:
        first, more = self.sites[:_MOST_SITES], len(self.sites) - _MOST_SITES
        where = ", ".join(map(readable, first)) + (f" and {more} more" if more > 0 else "")
        return f"<Run of {shown(self.name)} ({self.job_id}) on {where}>"


def _elapsed(job: Job, now: int) -> int:
    """Return how long a run has been under way when its next round is over."""
    program, history = job.output.program, job.output.history
    if program is None or history is None:
        return 0
    return max(history.elapsed(now, program.every), (history.rounds + 1) * program.every)

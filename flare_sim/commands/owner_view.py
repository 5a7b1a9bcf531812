"""What the owner of a system asks it past all sessions: what it is, what has happened, what there is by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import to_seconds
from flare_sim.spec import JobNotFound
from flare_sim.untrusted_values import plain_text, shown

if TYPE_CHECKING:
    from flare_sim.config import ServerConfig
    from flare_sim.engine.job import Job
    from flare_sim.engine.records.requests import Requests
    from flare_sim.engine.records.timeline import Timeline
    from flare_sim.engine.records.trace_record import TraceRecord
    from flare_sim.engine.recovery.transactions import Transactions
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.trace import Trace
    from flare_sim.engine.waiting.job_view import JobView

__all__ = ["OwnerView"]


class OwnerView:
    """What the owner of a system sees of it, beside what goes through sessions."""

    _state: ServerState
    """All there is to know of it,"""
    _asked: Requests
    """but what was asked of it."""
    _transactions: Transactions
    """Does something as a whole, after everything that is due."""

    @property
    def seed(self) -> int:
        """Where identifiers come from."""
        return self._state.seed

    @property
    def config(self) -> ServerConfig:
        """Latencies and limits."""
        return self._state.config

    @property
    def progress(self) -> str:
        """How jobs get on: ``"time"``, ``"immediate"`` or ``"manual"``."""
        return self._state.progress

    @property
    def quirks(self) -> frozenset[str]:
        """Names of what it does differently from what the contract says (keys of ``QUIRKS``)."""
        return self._state.quirks

    @property
    def trace(self) -> Trace:
        """What has happened up to the clock's time.

        Raises:
            InternalError: the clock shows no time; so does everything else here that looks at it.
        """
        self.catch_up()
        return self._state.trace

    def history(self, job_id: str) -> tuple[TraceRecord, ...]:
        """Return what the trace tells of a job, one that was deleted meanwhile too, up to the clock's time.

        Raises:
            JobNotFound: there never was such a job.
        """
        told = tuple(self.trace.about(job_id))
        if not told:
            raise JobNotFound(f"no such job: {shown(job_id)}")
        return told

    def story(self, job_id: str | None = None) -> list[str]:
        """Return what has happened up to the clock's time as sentences, such as ``"3 s: site-2 dropped"``.

        Seconds count from the first of them; the second job of a name is ``'name' #2``, one that is deleted its id.

        Args:
            job_id: the job whose history is told, all there is unless given.

        Raises:
            JobNotFound: there never was such a job.
        """
        from flare_sim.engine.records.story import story

        names = ((job.job_id, job.name) for job in self.jobs)
        return story(self.trace if job_id is None else self.history(job_id), self.trace, names)

    def timeline_page(self) -> str:
        """Return a page of HTML that shows jobs and clients over time, with calls and faults, up to the clock's time.

        It needs no network.  ``flare-sim timeline`` writes the same of a trace or a state file.  In a notebook a server
        is shown so, without scripts and with the last jobs, and so are a trace and what ``jobs`` has of one.

        Raises:
            InternalError: the clock shows no time.
        """
        from flare_sim.engine.records.timeline_page import timeline_page

        return timeline_page(self._timeline())

    @property
    def requests(self) -> Requests:
        """What clients asked since it was made or restored in this process; of a monitor every look is a request."""
        return self._asked

    @property
    def jobs(self) -> tuple[JobView, ...]:
        """All jobs at the clock's time, in the order they were submitted."""
        from flare_sim.engine.waiting.job_view import views

        return self._transactions.run(lambda: views(self._state, self._state.store))

    def catch_up(self) -> None:
        """Let everything happen that is due by now; whoever asks the server for something brings that about too."""
        self._transactions.run(_nothing)

    def awaited(self) -> list[str]:
        """Return what whoever waits for something waits for, as lines."""
        from flare_sim.engine.waiting.job_view import awaited

        return self._transactions.run(lambda: awaited(self._state))

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """Return the names of the files the server holds for a job, none when there is no such job (any more)."""
        return self._transactions.run(self._stored, plain_text(job_id) or "")

    def workspace(self, job_id: str) -> dict[str, bytes]:
        """Return what the workspace of a job's run holds by now, path -> content: of one under way what it has written.

        It has nothing before the run begins; what a real server sends of it, and when, ``download_job_result`` has.

        Raises:
            JobNotFound: no such job.
            InternalError: a large file of the job cannot be read again.
        """
        return self._transactions.run(self._workspace, job_id)

    def _timeline(self) -> Timeline:
        from flare_sim.engine.records.timeline import timeline

        state, names = self._state, {job.job_id: job.name for job in self.jobs}
        clients = [site.name for site in sorted(state.sites, key=lambda site: site.number)]
        return timeline(self.trace, state.config.project, until=to_seconds(state.now), names=names, clients=clients)

    def _repr_html_(self) -> str:
        from flare_sim.engine.records.timeline_page import timeline_piece

        return timeline_piece(self._timeline())

    def _workspace(self, job_id: object) -> dict[str, bytes]:
        from flare_sim.commands.job_result import workspace_now
        from flare_sim.disk.contents import whole

        job = self._job(job_id)
        files = workspace_now(job, self._state.now, self._state.quirks)
        return {path: whole(content) for path, content in sorted(files.items())}

    def _job(self, job_id: object) -> Job:
        job = self._state.store.get(plain_text(job_id) or "")
        if job is None:
            raise JobNotFound(f"no such job: {shown(job_id)}")
        return job

    def _stored(self, job_id: str) -> tuple[str, ...]:
        from flare_sim.commands.job_result import stored_names

        job = self._state.store.get(job_id)
        return () if job is None else stored_names(job)


def _nothing() -> None:
    """Do nothing."""

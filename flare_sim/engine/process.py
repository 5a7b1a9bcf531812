"""The process of a server: it stops and starts, loses its clients and finds them again, and runs jobs in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import to_ticks
from flare_sim.engine.interventions import Interventions
from flare_sim.engine.job import NOT_CHOSEN
from flare_sim.jobs.lifecycle import JobEvent, JobState
from flare_sim.personality.quirks import ORPHANS_STAY, SESSIONS_SURVIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flare_sim.engine.job import Job
    from flare_sim.engine.timeline import Action

__all__ = ["Process"]


class Process(Interventions):
    """The moving part of a server, and what becomes of it when its process ends."""

    __slots__ = ()

    @property
    def actions(self) -> dict[str, Action]:
        """What it plans on the timeline, each by a name that stays."""
        return {
            **super().actions,
            "reconnect": self.reconnect,
            "stop_server": self.stop_server,
            "start_server": self.start_server,
            "clients_back": self._clients_back,
        }

    def reconnect(self, names: Iterable[str]) -> None:
        """Let clients come back."""
        server = self._server
        server.touch_all()
        for name in names:
            if name in server.disabled:
                continue
            if not server.alive:
                server.away = [*server.away, name]
            elif server.sites.reconnect(name, server.now):
                server.note("client", name, "reconnected")
        self.clients_changed()

    def stop_server(self, started: int | None = None) -> None:
        """End the server's process (if it ``started`` then): plans are forgotten, clients and sessions are lost."""
        server = self._server
        if started is not None and not (server.alive and server.started == started):
            return
        server.touch_all()
        server.alive = False
        if SESSIONS_SURVIVE not in server.quirks:
            server.lost = {**server.lost, None: server.sessions}
        if ORPHANS_STAY in server.quirks:
            self._leave_orphans()
        server.away = [*server.away, *server.sites.leave_all()]
        server.closing = []
        server.armed = None
        for job in server.store.active.values():
            self._halt(job)
            job.epoch += 1

    def start_server(self, return_seconds: float) -> None:
        """Start a process again, to which the clients are back so many seconds later."""
        server = self._server
        server.touch_all()
        server.alive, server.ending = True, False
        server.started = server.now
        self._find_unfinished()
        server.timeline.after(to_ticks(return_seconds), self._clients_back, server.now)

    def _clients_back(self, started: int) -> None:
        server = self._server
        if server.alive and server.started == started:
            server.touch_all()
            names, server.away = server.away, []
            self.reconnect(names)
            for site in server.sites:
                site.orphaned = server.now

    def _leave_orphans(self) -> None:
        """Let clients keep what they run; they are rid of it some time after they have found a server again."""
        for site in self._server.sites:
            site.orphans = [
                (job.job_id, job.apps[site.name])
                for job in self._server.store.active.values()
                if job.state in (JobState.RUNNING, JobState.STOPPING) and site.name in job.apps
            ]

    def _find_unfinished(self) -> None:
        """Settle, as a server that starts again does, what the last one left unfinished."""
        for job in tuple(self._server.store.active.values()):
            if ORPHANS_STAY in self._server.quirks and job.state is not JobState.DEPLOYING:
                self._orphan(job)
                continue
            self._move(job, JobEvent.SERVER_LOST)
            if not job.state.done:
                job.apps, job.retry_at, job.course = {}, 0, NOT_CHOSEN
                self._server.queue.add(job)
        self.arm()

    def _orphan(self, job: Job) -> None:
        job.progress = job.progress._replace(orphaned=True)
        self._server.store.leave(job)
        self._server.sites.release(job.serial, job.apps)
        self._server.note_of(job, "state", None, "orphaned")

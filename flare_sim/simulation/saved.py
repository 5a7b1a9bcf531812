"""A simulated system whose whole state goes into a file and comes back, once or all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from flare_sim.clock import VirtualClock, to_seconds
from flare_sim.config import checked_clock
from flare_sim.simulation.owned import Simulation

if TYPE_CHECKING:
    from os import PathLike

    from flare_sim.clock import Clock
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.engine.state import ServerState
    from flare_sim.jobs.problems import Problem
    from flare_sim.saving.calls import Server
    from flare_sim.saving.snapshot import Whole

    Saved = TypeVar("Saved", bound="SavedSimulation")

__all__ = ["SavedSimulation"]


class SavedSimulation(Simulation):
    """What is saved of a system, and how.

    Nothing that files need is loaded, and nothing done for them, before somebody asks for it.

    Args:
        clock: the time it lives by.
        state: all there is to know of it,
        remarks: but what was wrong with jobs that were submitted, by their paths.

    Attributes:
        remarks: the same.
    """

    def __init__(self, clock: Clock, state: ServerState, remarks: dict[str, tuple[Problem, ...]]) -> None:
        super().__init__(clock, state)
        self.remarks = remarks

    @classmethod
    def restore(  # noqa: PYI019  (typing.Self is younger than Python 3.10)
        cls: type[Saved], path: str | PathLike[str], *, clock: Clock | None = None, behavior: BehaviorSource = None
    ) -> Saved:
        """Return a server with the state in a file, which stays as it is.

        It goes on as the one would have that was saved: ids, metas, results and the trace are the same.  Sessions go on
        as well, for who knows their numbers.  Its ``users``, ``config`` and all else it was made with come from
        the file.

        Args:
            path: what ``save`` wrote, or a server's ``state_file``, in use or not.
            clock: the time it lives by; a ``VirtualClock`` that goes on from the time of the state unless given.  One
                that shows a later time has what was due meanwhile happen at the first call; one that shows an earlier
                time counts as standing still until it has got there.
            behavior: what runs do from now on when their job does not say; what they did unless given.

        Raises:
            ValueError: there is no such file, it is damaged, not the state of a server, or was written by a newer
                release; or the server's behavior was a function, which no file can hold, and none is given.
        """
        server = cls.__new__(cls)
        cls._load(server, path, clock, behavior)
        return server

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole state into a file, from which ``restore`` makes a server that goes on with it.

        The file is whole or not there, whatever happens: it is written beside (``<path>.new``) and renamed.

        Raises:
            ValueError: ``path`` is none, or the state file of a running server; or functions wait (``call_later``),
                which no file can hold.
            InternalError: the file cannot be written.
            RuntimeError: called in the middle of an event, by a behavior or by what ``call_later`` calls.
        """
        from flare_sim.saving.keeping import save

        if self._transactions.is_mine:
            raise RuntimeError("a server cannot be saved in the middle of an event")
        self._transact(lambda: save(self._whole(), path))

    def remark(self, path: str, problems: tuple[Problem, ...]) -> None:
        """Note in ``remarks`` what is wrong with the job at a path."""
        self._apply(lambda: self.remarks.update({path: problems}), "remark", path, problems)

    def _keep(self, path: str | PathLike[str], clock: Clock | None, behavior: BehaviorSource) -> None:
        """Keep the state in a file from now on, once this has gone on with what is in there."""
        from flare_sim.saving.keeping import keep

        journal = keep(path, cast("Server", self), self._build, self._whole(), behavior)
        self._journal, self._transactions.pass_time = journal, journal.run
        self._go_on(clock)

    def _let_go(self) -> None:
        """Leave the file to others."""
        if self._journal is not None:
            self._journal.close()
            self._journal, self._transactions.pass_time = None, self._state.timeline.run

    def _load(self, path: str | PathLike[str], clock: Clock | None, behavior: BehaviorSource) -> None:
        from flare_sim.saving.keeping import restore

        restore(path, cast("Server", self), self._build, behavior)
        self._go_on(clock)

    def _go_on(self, clock: Clock | None) -> None:
        self.clock = VirtualClock(to_seconds(self._state.now)) if clock is None else checked_clock(clock)
        self._forget_requests()  # calls that were made again are none

    def _build(self, state: ServerState, remarks: dict[str, tuple[Problem, ...]]) -> Whole:
        SavedSimulation.__init__(self, VirtualClock(to_seconds(state.now)), state, remarks)
        return self._whole()

    def _whole(self) -> Whole:
        from flare_sim.saving.snapshot import Whole

        return Whole(self._state, self._runner, self._events, self.remarks)

"""The log of calls behind a snapshot: what was asked of a server since, put down before each is answered.

A server is a function of its seed, the calls made and the time on its clock, so a snapshot and the calls after it are
its state.  A call is put down when it has had its effect and before its reply; whoever is killed in between has not
acknowledged it.  The time is put down when anybody looks, as what was seen then has to be true afterwards.

What cannot be said as a call, such as what a user's function did in the middle of an event, or half of a call that was
interrupted, is put down as a new snapshot before anything else is answered.  So is everything once the log has grown
longer than the snapshot.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.disk.file_errors import reason
from flare_sim.saving.calls import call_shapes
from flare_sim.saving.parts import Parts
from flare_sim.saving.records import BadState, head, packed
from flare_sim.saving.settings import NamedFunction
from flare_sim.saving.snapshot import write_snapshot
from flare_sim.spec import InternalError
from flare_sim.untrusted_values import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flare_sim.saving.shapes import Shape
    from flare_sim.saving.snapshot import Whole
    from flare_sim.saving.state_file import HeldFile

    Result = TypeVar("Result")

__all__ = ["Journal"]

_SHORT_LOG = 1 << 20
"""A log of no more bytes is not compacted."""


class Journal:
    """Keeps a state file up to date.

    Args:
        file: the file; what is in it is replaced.
        whole: the server.

    Raises:
        BadState: the server has something that no file can hold.
        OSError: the file cannot be written.
    """

    def __init__(self, file: HeldFile, whole: Whole) -> None:
        self._file = file
        self._whole = whole
        self._calls: Mapping[str, Shape] = {}
        self._time = 0
        self._longest = 0
        self._inside = False  # whether a call is having its effect
        self._behind = False  # whether one had, wholly or in part, and is not in the file
        self._untold = False  # whether something happened that no call of the log tells
        self._rewrite()

    def run(self, until: int) -> None:
        """Let everything happen that is due until then, and put down that it was looked at.

        Raises:
            InternalError: it cannot be put down; what is due may have happened.
        """
        timeline = self._whole.state.timeline
        due = timeline.peek()
        self._inside = False  # whoever lets time pass is not in the middle of anything
        if until == self._time and not self._behind and (due is None or due > until):
            return
        self._do(lambda: timeline.run(until))
        self._time = until
        self._put_down("time", (until,), sync=False)

    def change(self, kind: str, values: tuple[Any, ...], effect: Callable[[], Result]) -> Result:
        """Let a call have its effect, and put it down.

        Raises:
            InternalError: it cannot be put down; it may have had its effect.
        """
        result = self._do(effect)
        self._put_down(kind, values, sync=True)
        return result

    def close(self) -> None:
        """Let others have the file."""
        self._file.close()

    def _do(self, effect: Callable[[], Result]) -> Result:
        if self._inside:  # asked by a user's function, in the middle of something
            self._untold = True
            return effect()
        if not self._file.is_ours:
            raise InternalError(f"{self._file.path} is kept by the process that this one was forked from")
        if self._behind or self._file.size > self._longest:
            with self._failing():
                self._rewrite()
        self._inside = self._behind = True
        result = effect()  # one that raises, or is interrupted, is not inside any more when time passes next
        self._inside = False
        # From here on it is not taken back any more, so that the file is never ahead of the server.
        self._whole.state.timeline.savepoint = None
        return result

    def _put_down(self, kind: str, values: tuple[Any, ...], *, sync: bool) -> None:
        if self._inside:
            return
        behavior = self._whole.state.behavior
        with self._failing():
            if self._untold or (isinstance(behavior, NamedFunction) and behavior.asked):
                self._rewrite()
            else:
                payload = packed(kind, len(self._whole.state.trace), *self._calls[kind].write(values))
                self._file.append(payload, sync=sync)
        self._behind = False

    def _rewrite(self) -> None:
        parts = Parts()

        def fill(write: Callable[[bytes], object]) -> None:
            parts.write = write
            write(head(log=True))
            write_snapshot(self._whole, parts)

        self._file.replace(fill)
        parts.write = lambda payload: self._file.append(payload, sync=False)
        self._calls = call_shapes(parts)
        self._time = self._whole.state.now
        self._longest = max(_SHORT_LOG, 2 * self._file.size)
        self._behind = self._untold = False
        if isinstance(self._whole.state.behavior, NamedFunction):
            self._whole.state.behavior.asked = False

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Say that the file cannot be kept up to date; the next call tries again to put all of it down."""
        try:
            yield
        except BadState as problem:
            raise InternalError(f"the state file {shown_path(self._file.path)} {problem}") from problem
        except OSError as problem:
            said = f"the state file {shown_path(self._file.path)} cannot be written: {reason(problem)}"
            raise InternalError(said) from problem

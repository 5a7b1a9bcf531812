"""Interleaving: something is done while a call of the same thread waits, in the sleep of a monitor say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.recorder import Recorder
from contract_tests.system.system import NotClaimed


class Interleaving:
    """Lets ``act`` be done once some contract seconds have passed; not any more when the block has ended.

    ``with Interleaving(s, 3.0, lambda: bob.need("abort_job", job)): alice.monitor(job)``

    What was begun is waited for: another thread that acts may still be at it when the block ends.

    Attributes:
        begun: whether it was done, or is being done.
        over: when it had been done, in contract seconds; None if it was not.

    Raises:
        NotClaimed: on entry, the system does not offer it.
        BaseException: on exit, what came of ``act``.
    """

    def __init__(self, s: Recorder, seconds: float, act: Callable[[], object]) -> None:
        self._s = s
        self._seconds = seconds
        self._act = act
        self._ended = False
        self._one_decides = threading.Lock()
        self._done = threading.Event()
        self._trouble: BaseException | None = None
        self.begun = False
        self.over: float | None = None

    def __enter__(self) -> Interleaving:
        self._s.now()  # a clock is needed
        self._s.system.meanwhile(self._s.real(self._seconds), self._do)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with self._one_decides:
            self._ended = True
        if self.begun:
            self._done.wait(self._s.system.call_limit)
        if kind is None and self._trouble is not None:
            raise self._trouble

    def _do(self) -> None:
        """What goes wrong is kept: in somebody else's sleep it is no answer to anybody."""
        with self._one_decides:
            if self._ended:
                return
            self.begun = True
        self._s.aside = True
        try:
            self._act()
        except (Exception, NotTestable, JudgedElsewhere) as error:
            self._trouble = error
        finally:
            self._s.aside = False
            self.over = self._s.now()
            self._done.set()


def overlapping(s: Recorder, seconds: float, act: Callable[[], Outcome], call: Callable[[], object]) -> bool:
    """Make a call, and another one ``seconds`` after it began, while it waits or once it has come back.

    Who acts in real time may be late, and is waited for.

    Returns whether there is anything to judge: the system lets somebody act meanwhile, and the sessions can be called
    in the midst of another's call. One that runs an event loop of its own can't, in the same thread.
    """
    outcomes: list[Outcome] = []
    try:
        with Interleaving(s, seconds, lambda: outcomes.append(act())) as other:
            call()
            s.sleep(seconds)
            until = s.now() + s.system.patience
            while not other.begun and s.now() < until:
                s.sleep(0.25)
    except NotClaimed:
        return False
    return bool(outcomes) and all(outcome.returned or bool(outcome.contract_errors) for outcome in outcomes)

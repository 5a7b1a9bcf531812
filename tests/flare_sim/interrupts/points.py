"""Interrupts anywhere: an exception raised before any one bytecode of the simulator, as a signal's handler may."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import flare_sim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["Interrupt", "interrupted", "is_free", "points"]

HERE = os.path.dirname(os.path.abspath(flare_sim.__file__)) + os.sep


class Interrupt(BaseException):
    """What is raised."""


class _Bomb:
    """A trace function that counts the bytecodes of the simulator, and raises before one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0
        self.where = ""

    def __call__(self, frame: FrameType, event: str, arg: object) -> Any:
        if not frame.f_code.co_filename.startswith(HERE):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._look

    def _look(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "opcode":
            self.count += 1
            if self.count == self.at:
                self.where = f"{frame.f_code.co_name}, line {frame.f_lineno}, instruction {frame.f_lasti}"
                raise Interrupt(self.where)
        return self._look


@contextmanager
def _traced(bomb: _Bomb) -> Iterator[None]:
    """Count what a block does, and nothing that the collector does meanwhile for what other tests have left."""
    before, collects = sys.gettrace(), gc.isenabled()
    gc.disable()
    sys.settrace(bomb)
    try:
        yield
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()


def interrupted(act: Callable[[], object], at: int) -> str:
    """Do something that is interrupted before its bytecode number ``at``; returns where that was, ``""`` if nowhere."""
    bomb = _Bomb(at)
    with suppress(Interrupt), _traced(bomb):
        act()
    return bomb.where


def points(act: Callable[[], object]) -> int:
    """Do something; returns how many bytecodes of the simulator that takes."""
    bomb = _Bomb(0)
    with _traced(bomb):
        act()
    return bomb.count


def is_free(look: Callable[[], object], seconds: float = 5.0) -> bool:
    """Tell whether another thread can do something now."""
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()

"""Who waits together on a clock, as tests look at it."""

from __future__ import annotations

from flare_sim import VirtualClock

__all__ = ["alone"]


def alone(clock: VirtualClock) -> bool:
    """Whether nobody waits together on a clock any more, so that its sleeps are as cheap as ever."""
    return clock._company is None

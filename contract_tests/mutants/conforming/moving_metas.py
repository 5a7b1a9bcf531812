"""Conforming variants whose metas and list entries change by themselves, with time or with every read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.conforming.metas import Told
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem

CONFORMING = VariantTable()

_PARTS: Final = (
    *("submit", "clone", "meta", "list", "download", "abort", "delete", "system", "monitor", "close"),
    *("malformed", "outage", "denied"),
)
"""Where it is asserted that nothing has changed."""


def _reads(session: Told, meta: dict[str, Any]) -> int:
    """How often the job was told of, this time included."""
    key = f"reads of {meta['job_id']}"
    reads: int = session.system.memory.get(key, 0) + 1
    session.system.memory[key] = reads
    return reads


def _age(session: Told, meta: dict[str, Any]) -> float:
    """Seconds since the job was first told of."""
    began: float = session.system.memory.setdefault(f"first read of {meta['job_id']}", session.now())
    return session.now() - began


class _Slow(WrappedSystem):
    """Needs a tenth of a second for every reply, so that time passes in every check."""

    tolerance = 1.0

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.faults.slow_replies(0.1)


def _moving(
    name: str,
    difference: str,
    more: Callable[[Told, dict[str, Any]], dict[str, Any]],
    base: type[WrappedSystem] = WrappedSystem,
) -> None:
    """Declare a system of some class that tells more of every job."""
    about = {"__module__": __name__, "__doc__": f"{difference.capitalize()}."}
    session = type(name, (Told,), {**about, "told": lambda self, meta: {**meta, **more(self, meta)}})
    system = type(name, (base,), {**about, "session": session})
    globals()[name] = CONFORMING.conforming(difference, parts=_PARTS)(system)


_moving("CountsReads", "counts in a meta how often the job was told of", lambda s, meta: {"reads": _reads(s, meta)})
_moving(
    "CountsReadsInside",
    "counts deep inside a meta how often the job was told of",
    lambda s, meta: {"stats": {"of": [{"reads": _reads(s, meta)}]}},
)
_moving("LastSeen", "tells in a meta in which minute that was", lambda s, meta: {"last_seen": s.now() // 60})
_moving(
    "CountsTries",
    "counts in a meta what it tries with the job, on a slow server",
    lambda s, meta: {"tries": int(_age(s, meta) // 0.3)},
    _Slow,
)
_moving(
    "TriesLessAndLess",
    "counts in a meta what it tries with the job, less and less often, on a slow server",
    lambda s, meta: {"tries": int(math.log2(1 + _age(s, meta)))},
    _Slow,
)
for _name, _base in (("GoesOnCounting", WrappedSystem), ("GoesOnCountingSlowly", _Slow)):
    _moving(
        _name,
        f"goes on counting tries and seconds of a job that is done{', on a slow server' if _base is _Slow else ''}",
        lambda s, meta: {"schedule_count": int(_age(s, meta)), "duration": f"{_age(s, meta):.3f}"},
        _base,
    )

"""What has happened at a server, as sentences: for people, and for an assertion that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import to_seconds, to_ticks
from flare_sim.untrusted_values import readable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flare_sim.engine.records.trace_record import TraceRecord

__all__ = ["story"]

_ID_LETTERS = 8
"""So much of the id of a job is shown that has no name any more."""


def story(records: Iterable[TraceRecord], trace: Iterable[TraceRecord], names: Iterable[tuple[str, str]]) -> list[str]:
    """Return what records tell, a line for each, beginning with when it was.

    Args:
        records: what is told.
        trace: all there is, from whose beginning on seconds are counted.
        names: (id, name) of jobs, in the order in which they were submitted.
    """
    labels = _labels(names)
    first = to_ticks(next((record.seconds for record in trace), 0))
    return [f"{to_seconds(to_ticks(one.seconds) - first):.15g} s: {_sentence(one, labels)}" for one in records]


def _labels(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what jobs are called in sentences, by their ids: by their names, the second of one with a number."""
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    for job_id, name in names:
        counts[name] = counts.get(name, 0) + 1
        labels[job_id] = shown(name) + (f" #{counts[name]}" if counts[name] > 1 else "")
    return labels


def _sentence(record: TraceRecord, labels: Mapping[str, str]) -> str:
    def label(job_id: str) -> str:
        return labels.get(job_id) or f"job {readable(job_id[:_ID_LETTERS])}"

    job, kind = label(record.job_id), record.kind
    if kind == "command":
        original = f"{label(record.original)} -> " if record.original else ""
        return f"{readable(record.user)} called {readable(record.command)}: {original}{job}"
    if kind == "state":
        inside = "" if record.state in (record.status, record.status.partition(":")[2]) else f" ({record.state})"
        return f"{job} is {record.status}{inside}"
    if kind == "schedule":
        return f"the scheduler came to {job}: {readable(record.result)}"
    if kind == "deleted":
        return f"{job} was deleted"
    if kind == "run":
        return f"the run of {job} is {readable(record.change)}"
    if kind == "round":
        return f"round {record.round} of {job} is over"
    if kind == "client":
        return f"{readable(record.client)} {readable(record.change)}"
    if kind == "user":
        so = f": {record.role} of {readable(record.org)}" if record.role else ""
        return f"{readable(record.user)} was {readable(record.change)}{so}"
    return f"{record.verb}({', '.join(map(shown, record.args))})"

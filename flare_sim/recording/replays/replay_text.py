"""What came of a replay, for people: each call that turned out otherwise, what was recorded and what happened here."""

from __future__ import annotations

import json
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from flare_sim.recording.plain_values import TYPE
from flare_sim.recording.replays.words import UUID
from flare_sim.untrusted_values import readable, shown_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flare_sim.recording.job_copies import JobCopy
    from flare_sim.recording.recording import Call, Recording
    from flare_sim.recording.replays.comparison import Difference

__all__ = ["replay_text"]

_WIDTH = 80
_LABEL = 11
"""So wide are the words before what is told."""
_ID = 8
"""Of an id among arguments so many letters are told."""
_MOST_LINES = 4
"""No value is told in more lines."""


def replay_text(recording: Recording, differences: Sequence[Difference], foreign: Sequence[str]) -> str:
    """Return what came of a replay in lines of 80 columns.

    Args:
        recording: what was replayed.
        differences: what turned out otherwise, call after call.
        foreign: jobs that were left out of lists.
    """
    calls = {call.number: call for call in recording.calls}
    users = {session.user for session in recording.sessions.values()}
    lines: list[str] = []
    for number, found in groupby(differences, key=lambda difference: difference.call):
        call = calls[number]
        whose = f", {recording.sessions[call.session].user}" if len(users) > 1 else ""
        arguments = ", ".join(_arguments(call, recording.jobs))
        lines.append(_cut(f"call {number} at {call.at:.3f} s{whose}: {call.method}({arguments})"))
        for difference in found:
            lines.extend(_of_difference(difference))
        lines.append("")
    return "\n".join([*lines, *_summary(recording, differences, foreign)])


def _of_difference(difference: Difference) -> Iterator[str]:
    yield f"  {readable(difference.what)}"
    yield from _labelled("recorded", _text(difference.recorded, difference.what))
    yield from _labelled("simulator", _text(difference.simulated, difference.what))


def _arguments(call: Call, jobs: Mapping[str, JobCopy]) -> Iterator[str]:
    yield from (_argument(value, jobs) for value in call.args)
    yield from (f"{name}={_argument(value, jobs)}" for name, value in call.kwargs.items())


def _argument(value: Any, jobs: Mapping[str, JobCopy]) -> str:
    """Return an argument in few letters: of an id its first, of a job its name."""
    if isinstance(value, dict) and TYPE in value:
        job = jobs.get(value.get("job", ""))
        return f"<{readable(job.name if job else str(value.get('name', value[TYPE])))}>"
    told = json.dumps(value, ensure_ascii=False)
    return readable(UUID.sub(lambda found: f"{found[0][:_ID]}...", told))


def _text(value: Any, what: str) -> str:
    if what == "seconds":
        return f"{value:.3f} s"
    if isinstance(value, dict) and TYPE in value and "name" in value:
        return f"{value[TYPE]}.{value['name']}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _labelled(label: str, text: str) -> Iterator[str]:
    """Yield a text behind a label, wrapped and cut where it is long."""
    width = _WIDTH - _LABEL - 4
    parts = wrap(readable(text), width, break_on_hyphens=False) or ["''"]
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], f"{parts[_MOST_LINES - 1][: width - 3]}..."]
    for number, part in enumerate(parts):
        yield f"    {label if number == 0 else '':<{_LABEL}}{part}".rstrip()


def _cut(text: str) -> str:
    text = readable(text)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _summary(recording: Recording, differences: Sequence[Difference], foreign: Sequence[str]) -> Iterator[str]:
    differ = len({difference.call for difference in differences})
    count = len(recording.calls)
    told = f"{count} {'call' if count == 1 else 'calls'} replayed: {count - differ} agree"
    yield f"{told}, {differ} {'differs' if differ == 1 else 'differ'}." if differ else f"{told}."
    if foreign:
        yield "Not made by a call of the recording, and left out of lists:"
        yield from _labelled("", shown_names(foreign))
    if recording.cut_off:
        yield "The recording ends in a line that is not whole, which was left out."

"""A timeline as HTML that needs no network: a page of its own, or a piece of one, as notebooks show it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import to_ticks
from flare_sim.jobs.timestamps import utc_text
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jinja2 import Environment

    from flare_sim.engine.records.timeline import Lane, Mark, Span, Timeline

__all__ = ["timeline_page", "timeline_piece"]

_STEPS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0 * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(3600.0 * hours for hours in (1, 2, 3, 6, 12)),
    *(86400.0 * days for days in (1, 2, 5, 7, 14, 30, 90, 180, 365, 3650)),
)
"""Seconds between two lines of a scale."""
_MOST_LINES = 6
_LAST_LINE = 96
"""Behind it, in percent, what is written at a line has no room."""
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_MOST = 40
"""A notebook's cell has no more jobs, and of clients no more than those that something happened to."""
_MOST_CALLS = 2_000
"""No more calls are listed,"""
_MOST_DRAWN = 200
"""and no more faults drawn through all lanes."""
_FEW = 20
"""Jobs that have room for their ids."""
_PAGE, _PIECE = "timeline_page.html", "timeline.html"
_GOOD = "FINISHED:COMPLETED"


class _Bar(NamedTuple):
    left: float
    width: float
    what: str
    told: str


class _Sign(NamedTuple):
    left: float
    kind: str
    told: str


class _Row(NamedTuple):
    name: str
    key: str
    status: str
    tone: str
    bars: list[_Bar]
    signs: list[_Sign]
    told: str


class _Scale:
    """Where times lie, in percent."""

    def __init__(self, begin: float, end: float) -> None:
        self.begin = begin
        self._length = end - begin or 1.0
        step = next((step for step in _STEPS if self._length / step <= _MOST_LINES), self._length)
        count = _MOST_LINES if end > begin else 0
        places = [(self.at(begin + step * number), _lasting(step * number)) for number in range(1, count + 1)]
        self.lines = [(place, told) for place, told in places if place <= _LAST_LINE]

    def at(self, seconds: float) -> float:
        return round(100 * (seconds - self.begin) / self._length, 3)

    def after(self, seconds: float) -> str:
        return f"+{_lasting(seconds - self.begin)}"

    def row(self, lane: Lane) -> _Row:
        bars = [
            _Bar(
                self.at(span.begin),
                round(self.at(span.end) - self.at(span.begin), 3),
                span.what,
                f"{_told(span)}, from {self.after(span.begin)} to {self.after(span.end)}",
            )
            for span in self._shown(lane.spans)
        ]
        signs = self.signs(lane.marks)
        done = lane.status.startswith("FINISHED:")
        tone = "good" if lane.status == _GOOD else "bad" if done else "calm"
        lived = ", ".join(map(_told, lane.spans))
        told = ": ".join(filter(None, [lane.name, ", ".join(filter(None, [lived, lane.status]))]))
        name, key, told = map(readable, (lane.name, lane.key, told))
        return _Row(name, key, lane.status.removeprefix("FINISHED:"), tone, bars, signs, told)

    def _shown(self, spans: Iterable[Span]) -> list[Span]:
        return [span._replace(begin=max(span.begin, self.begin)) for span in spans if span.end >= self.begin]

    def signs(self, marks: Iterable[Mark]) -> list[_Sign]:
        """Return marks that are not before the beginning, where they lie."""
        return [_Sign(self.at(one.seconds), one.kind, self.told(one)) for one in marks if one.seconds >= self.begin]

    def told(self, mark: Mark) -> str:
        return readable(f"{mark.text}, at {self.after(mark.seconds)}")


def timeline_page(timeline: Timeline) -> str:
    """Return a page that tells all of a timeline."""
    return _rendered(_PAGE, timeline, timeline.jobs, timeline.clients)


def timeline_piece(timeline: Timeline) -> str:
    """Return a piece of a page, without scripts; of many jobs it has the last ones and says so."""
    changed = [lane for lane in timeline.clients if lane.marks] if len(timeline.clients) > _MOST else timeline.clients
    return _rendered(_PIECE, timeline, timeline.jobs[-_MOST:], changed[-_MOST:])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """What finds templates, and compiles each but once."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("flare_sim.engine.records"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _rendered(template: str, timeline: Timeline, jobs: Sequence[Lane], clients: Sequence[Lane]) -> str:
    begin = timeline.begin
    if len(jobs) < len(timeline.jobs):  # what was before them is of no interest
        begin = min((span.begin for lane in jobs for span in lane.spans), default=begin)
    scale = _Scale(begin, timeline.end)
    faults = [mark for mark in timeline.calls if mark.kind == "fault"]
    values: dict[str, Any] = {
        "title": readable(timeline.title),
        "began": utc_text(to_ticks(begin)),
        "lasted": _lasting(timeline.end - begin),
        "groups": [
            ("server", [scale.row(lane) for lane in timeline.server]),
            ("clients", [scale.row(lane) for lane in clients]),
            ("jobs", [scale.row(lane) for lane in jobs]),
        ],
        "done": scale.signs(timeline.calls[-_MOST_CALLS:]),
        "left_out": _counted(
            {"earlier job": len(timeline.jobs) - len(jobs), "client": len(timeline.clients) - len(clients)}
        ),
        "not_listed": max(0, len(timeline.calls) - _MOST_CALLS),
        "counts": _counted({"job": len(timeline.jobs), "client": len(timeline.clients), "fault": len(faults)}),
        "listed": [
            (scale.after(mark.seconds), mark.kind, readable(mark.text)) for mark in timeline.calls[-_MOST_CALLS:]
        ],
        "lines": scale.lines,
        "drawn_lines": _lines_at((line for line, _ in scale.lines), "var(--line)"),
        "drawn_faults": _lines_at((sign.left for sign in scale.signs(faults[-_MOST_DRAWN:])), "var(--fault)"),
        "statuses": sorted({lane.status for lane in jobs}),
        "headed": template == _PIECE,
        "roomy": len(jobs) <= _FEW,
    }
    return _environment().get_template(template).render(values) + "\n"


def _told(span: Span) -> str:
    return f"{span.what} for {_lasting(span.end - span.begin)}"


def _counted(counts: Mapping[str, int]) -> str:
    """Return how many there are of each, of those there are any of."""
    return ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in counts.items() if count)


def _lines_at(places: Iterable[float], color: str) -> str:
    """Return an image with upright lines at these percents."""
    stops = [
        f"transparent {place}%,{color} {place}%,{color} calc({place}% + 1px),transparent calc({place}% + 1px)"
        for place in places
    ]
    return f"linear-gradient(to right,{','.join(stops)})" if stops else "none"


def _lasting(seconds: float) -> str:
    """Return a number of seconds as people say it, in at most two units."""
    if seconds < 60:
        return f"{round(seconds, 3):g} s"
    left, parts = round(seconds), list[tuple[int, str]]()
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append((count, unit))
    return " ".join(f"{count} {unit}" for count, unit in parts[:2] if count)

"""Timelines as HTML: all there is to see is on the page, and nothing on it is markup of others."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from flare_sim import JobBehavior, SimulatedServer, Trace
from flare_sim.engine.records.timeline import Lane, Mark, Span, Timeline, timeline
from flare_sim.engine.records.timeline_page import timeline_page, timeline_piece
from tests.flare_sim.engine.records.test_timeline import ROWS
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable

VOID = ("meta", "input", "link", "br")


class Read(HTMLParser):
    """The tags of a page with their attributes, and its text; what does not close is noticed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the last one that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data

    def of(self, word: str) -> list[dict[str, str | None]]:
        """The attributes of what has a class."""
        return [attributes for _, attributes in self.tags if word in (attributes.get("class") or "").split()]


def places(found: dict[str, str | None]) -> list[float]:
    """The percents in a style."""
    return [float(number) for number in re.findall(r"(-?[\d.]+)%", found["style"] or "")]


def job(number: int, begin: float, end: float) -> Lane:
    """A job that ran."""
    spans = (Span(begin, begin, "SUBMITTED"), Span(begin, end, "RUNNING"))
    return Lane(f"job-{number}", f"id-{number}", spans, (Mark(begin, "command", "submitted"),), "FINISHED:COMPLETED")


def of_jobs(count: int) -> Timeline:
    """A timeline of jobs that follow each other."""
    jobs = tuple(job(number, 10.0 * number, 10.0 * number + 10) for number in range(count))
    return Timeline("many", 0.0, 10.0 * count, jobs, (), (), ())


@pytest.mark.parametrize("count", [0, 1, 21, 300])
def test_a_page_shows_every_job(count: int) -> None:
    """Each in a lane with its name, id, status and bars, wherever it lies."""
    page = Read(timeline_page(of_jobs(count)))

    lanes = [attributes for _, attributes in page.tags if "data-job" in attributes]
    assert [lane["data-job"] for lane in lanes] == [f"job-{number} id-{number}" for number in range(count)]
    assert [places(bar) for bar in page.of("RUNNING")[:count]] == [
        [pytest.approx(100 * number / count, abs=0.01), pytest.approx(100 / count, abs=0.01)] for number in range(count)
    ]
    assert page.open == []
    assert f"{count} job{'s' if count > 1 else ''}" in page.text or not count


def test_a_piece_has_the_last_jobs_and_says_so() -> None:
    """It is as wide as they need, and has no script and no link to anything."""
    piece = timeline_piece(of_jobs(300))
    found = Read(piece)

    assert [attributes["data-job"] for _, attributes in found.tags if "data-job" in attributes] == [
        f"job-{number} id-{number}" for number in range(260, 300)
    ]
    assert places(found.of("RUNNING")[0]) == [0.0, 2.5]
    assert "not shown: 260 earlier jobs" in found.text
    assert {"script", "link", "img"} & {tag for tag, _ in found.tags} == set()


@pytest.mark.parametrize(
    ("status", "shown", "tone"),
    [
        ("FINISHED:COMPLETED", "COMPLETED", "good"),
        ("FINISHED:ABORTED", "ABORTED", "bad"),
        ("RUNNING", "RUNNING", "calm"),
        ("SUBMITTED", "SUBMITTED", "calm"),
    ],
)
def test_a_status_is_told_in_a_word_and_a_color(status: str, shown: str, tone: str) -> None:
    """Well, ill, or not known yet."""
    lane = job(0, 0.0, 10.0)._replace(status=status)
    page = Read(timeline_page(Timeline("one", 0.0, 10.0, (lane,), (), (), ())))

    assert [found["class"] for found in page.of("status")] == [f"status {tone}"]
    assert [attributes["data-status"] for _, attributes in page.tags if "data-job" in attributes] == [shown]


def test_what_took_no_time_is_seen_all_the_same() -> None:
    """Also at the very beginning of a piece."""
    assert len(Read(timeline_piece(of_jobs(300))).of("SUBMITTED")) == 40 + 1  # one explains the colour


def test_jobs_that_nothing_is_known_of_leave_the_scale_as_it_is() -> None:
    """A piece of them is as long as the timeline."""
    jobs = tuple(Lane(f"job-{number}", f"id-{number}", (), (), "") for number in range(50))

    assert "1 min 40 s from" in timeline_piece(Timeline("nothing", 0.0, 100.0, jobs, (), (), ()))


@pytest.mark.parametrize(("count", "told"), [(1, "1 job, 1 client, 1 fault; "), (2, "2 jobs, 2 clients, 2 faults; ")])
def test_what_there_is_is_counted(count: int, told: str) -> None:
    """And stands under a heading of its own; what there is none of has none."""
    lanes = tuple(Lane(f"one-{number}", f"one-{number}", (Span(0, 9, "connected"),), ()) for number in range(count))
    faults = tuple(Mark(5.0, "fault", "crash()") for _ in range(count))
    full = Read(timeline_page(Timeline("counted", 0.0, 9.0, lanes, lanes, lanes, faults)))
    empty = Read(timeline_page(Timeline("counted", 0.0, 9.0, (), lanes, (), ())))

    assert told in full.text
    assert [word for word in ("server", "clients", "jobs") if f"\n{word}\n" in full.text] == [
        "server",
        "clients",
        "jobs",
    ]
    assert [word for word in ("server", "clients", "jobs") if f"\n{word}\n" in empty.text] == ["clients"]


@pytest.mark.parametrize(("calls", "told"), [(2000, "in words (2000)"), (2005, "in words (2000 of 2005)")])
def test_no_more_calls_are_listed_than_anybody_reads(calls: int, told: str) -> None:
    """The last ones, and it is said that there were more."""
    marks = tuple(Mark(float(number), "command", f"call-{number:05}") for number in range(calls))
    page = Read(timeline_page(Timeline("calls", 0.0, float(calls), (), (), (), marks)))

    assert told in page.text
    assert (f"call-{calls - 1:05}" in page.text, f"call-{calls - 2001:05}" in page.text) == (True, False)


def test_faults_are_drawn_through_all_lanes_in_their_own_color() -> None:
    """Where there are none nothing is."""
    some = timeline_page(Timeline("faults", 0.0, 10.0, (), (), (), (Mark(5.0, "fault", "crash()"),)))
    none = timeline_page(Timeline("faults", 0.0, 10.0, (), (), (), ()))

    assert "--faults:linear-gradient(to right,transparent 50.0%,var(--fault) 50.0%," in some
    assert '--faults:none"' in none


def test_a_piece_of_many_clients_has_those_that_something_happened_to() -> None:
    """A page has all of them."""
    clients = tuple(Lane(f"site-{number}", f"site-{number}", (Span(0, 9, "connected"),), ()) for number in range(99))
    dropped = clients[7]._replace(marks=(Mark(5, "client", "dropped"),))
    drawn = Timeline("many", 0.0, 9.0, (), (*clients[:7], dropped, *clients[8:]), (), ())

    assert len(re.findall(">site-", timeline_page(drawn))) == 99
    assert re.findall(">(site-[0-9]+)", timeline_piece(drawn)) == ["site-7"]
    assert "not shown: 98 clients" in Read(timeline_piece(drawn)).text


@pytest.mark.parametrize(
    ("seconds", "told", "lines"),
    [
        (0.0, "0 s", []),
        (8.15, "8.15 s", ["+2 s", "+4 s", "+6 s"]),
        (60.0, "1 min", ["+10 s", "+20 s", "+30 s", "+40 s", "+50 s"]),
        (3_661.0, "1 h 1 min", ["+15 min", "+30 min", "+45 min"]),
        (90_000.0, "1 d 1 h", ["+6 h", "+12 h", "+18 h", "+1 d"]),
        (86_400.0 * 30, "30 d", ["+5 d", "+10 d", "+15 d", "+20 d", "+25 d"]),
        (86_400.0 * 36_500, "36500 d", []),
    ],
)
def test_a_scale_is_of_round_times(seconds: float, told: str, lines: list[str]) -> None:
    """Few enough to be read, and each where it belongs."""
    found = Read(timeline_page(Timeline("scale", 0.0, seconds, (), (), (), ())))

    assert f"{told} from 1970-01-01T00:00:00Z" in found.text
    assert [line for line in lines if line not in found.text] == []
    assert len(re.findall(r"\+[\d.]+ (?:s|min|h|d)\b", found.text)) == len(lines)


def test_what_others_wrote_is_text() -> None:
    """Names of jobs, clients and users, in every place where they stand."""
    hostile = "<script>alert(1)</script>\"'&\x1b"
    server = SimulatedServer()
    server.submit(definition(name=hostile))
    server.run_until_idle()

    for found in (server.timeline_page(), server._repr_html_(), server.jobs[0]._repr_html_()):
        assert "<script>alert" not in found
        assert "\x1b" not in found
        assert "&lt;script&gt;alert(1)" in found


def test_a_page_tells_of_faults_in_words_and_through_all_lanes() -> None:
    """With when they came."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=10))
    server.submit(definition())
    server.faults.partition(after=4)
    server.faults.repair(after=6)
    server.run_until_idle()
    page = server.timeline_page()
    found = Read(page)

    assert [sign["title"] for sign in found.of("fault")[:2]] == ["partition(), at +4 s", "repair(), at +6 s"]
    assert "+4 sfaultpartition()" in found.text.replace("\n", "")
    (drawing,) = re.findall(r"--faults:(.*)\">", page)
    at = 100 * 4 / 11.15
    assert f"{at:.3f}" in drawing


@pytest.mark.parametrize("shown", [lambda server: server, lambda server: server.trace, lambda server: server.jobs[0]])
def test_a_notebook_shows_servers_traces_and_jobs(shown: Callable[[SimulatedServer], Any]) -> None:
    """As pieces, which say how the job is, and change nothing."""
    server = SimulatedServer()
    server.submit(definition())
    server.advance(3)
    before = server.trace.digest()

    piece = Read(shown(server)._repr_html_())

    assert piece.open == []
    assert len(piece.of("RUNNING")) == 2  # one of them explains the colours
    assert "RUNNING" in piece.text
    assert server.trace.digest() == before


def test_a_job_under_way_is_shown_up_to_what_is_known_of_it() -> None:
    """From its submission to the beginning of its run, or of the pause it is in."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=60))
    server.submit(definition())
    server.advance(11.15)
    begun = server.jobs[0]._repr_html_()
    server.faults.drop("site-1")
    paused = server.jobs[0]._repr_html_()

    assert "SUBMITTED for 1.15 s" in begun
    assert "RUNNING for 0 s" in begun
    assert "RUNNING for 10 s" in paused
    assert "PAUSED for 0 s" in paused


def test_a_job_that_was_done_shows_how_long_it_took() -> None:
    """Its times are those of its view."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=60))
    server.submit(definition())
    server.run_until_idle()

    piece = server.jobs[0]._repr_html_()

    assert "RUNNING for 1 min, from" in piece
    assert "COMPLETED" in Read(piece).text


@given(rows=ROWS)
def test_whatever_a_trace_says_has_a_page(rows: list[tuple[int | str, ...]]) -> None:
    """Which is well formed; bars and signs lie on it."""
    trace = Trace()
    for row in rows:
        trace.add(*row)

    for written in (timeline_page(timeline(trace, "title")), trace._repr_html_()):
        found = Read(written)
        assert found.open == []
        assert all(
            0 <= place <= 100
            for mark in (*found.of("bar"), *found.of("sign"))
            if "style" in mark
            for place in places(mark)
        )


def test_a_page_counts_what_it_shows_and_names_its_groups() -> None:
    """One is no number of them; a job is told with its status."""
    client = Lane("site-1", "site-1", (Span(0, 10, "connected"),), ())
    network = Lane("network", "network", (Span(1, 2, "unreachable"),), (Mark(1, "fault", "partition()"),))
    faults = (Mark(1, "fault", "partition()"),)
    page = Read(timeline_page(Timeline("one", 0.0, 10.0, (job(0, 0, 10),), (client,), (network,), faults)))

    assert "1 job, 1 client, 1 fault" in page.text
    words = page.text.split()
    assert [word for word in words if word in ("server", "clients", "jobs")][-3:] == ["server", "clients", "jobs"]
    assert page.text.count("COMPLETED") == 2  # among those to choose from, and beside its name
    assert "None" not in page.text

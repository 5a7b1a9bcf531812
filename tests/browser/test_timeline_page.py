"""The timeline of a server in a real browser, on a desktop and on a phone: what is to be seen, found and enlarged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from flare_sim import JobBehavior, JobDefinition, SimulatedServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
WIDTHS = (390, 1280)
FILES = {
    "app/config/config_fed_server.json": '{"format_version": 2, "workflows": []}',
    "app/config/config_fed_client.json": '{"format_version": 2, "executors": []}',
}


CLASSIC = """
.label { display: inline; padding: .2em .6em .3em; font-size: 75%; line-height: 1; color: #fff; text-align: center }
.badge, .close, .well { color: #fff } .row, .container { margin-left: -15px; display: block }
.rendered_html ul { margin: 1em 2em; padding: 0 40px } .rendered_html i { font-style: italic }
"""
"""What the styles of a classic notebook make of what is in it."""


def server_with(jobs: int) -> SimulatedServer:
    """A server that had so many jobs, every third of which failed, and an outage."""
    failing = {f"train-{number}": JobBehavior(outcome="EXECUTION_EXCEPTION") for number in range(0, jobs, 3)}
    server = SimulatedServer(behavior=failing)
    for number in range(jobs):
        meta = f'{{"name": "train-{number}", "min_clients": 1, "deploy_map": {{"app": ["@ALL"]}}}}'
        server.submit(JobDefinition.from_files({**FILES, "meta.json": meta}, "train"))
        server.advance(30)
    server.faults.partition()
    server.faults.repair(after=20)
    server.run_until_idle()
    return server


def page_of(jobs: int) -> str:
    """The page of such a server."""
    return server_with(jobs).timeline_page()


@pytest.fixture(scope="module", params=[1, 300])
def count(request: pytest.FixtureRequest) -> int:
    """How many jobs there are."""
    return int(request.param)


@pytest.fixture(scope="module")
def page(count: int) -> str:
    """The page of so many jobs."""
    return page_of(count)


def test_it_is_itself_alone_and_nothing_goes_wrong_in_it(page: str, opened: Open) -> None:
    """Nothing is asked for, and no script fails."""
    shown = opened(page)
    asked: list[str] = []
    wrong: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("console", lambda message: wrong.append(message.text))
    shown.reload()

    assert (asked, wrong) == ([shown.url], [])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_job_is_seen_within_the_window(page: str, count: int, width: int, scripts: bool, opened: Open) -> None:
    """No wider than the window; each job's lane, name and run lie in it."""
    shown = opened(page, width=width, scripts=scripts)
    lanes = shown.query_selector_all("[data-job]")

    assert len(lanes) == count
    for lane in (lanes[0], lanes[-1]):
        boxes = [part.bounding_box() for part in lane.query_selector_all(".name, .status, .bar.RUNNING")]
        assert len(boxes) == 3
        for box in boxes:
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width + 1
            assert box["width"] >= 2
    if scripts:
        assert shown.evaluate("document.documentElement.scrollWidth") == width


def test_jobs_are_found_by_name_and_status(opened: Open) -> None:
    """What does not match is gone, and how many are left is said."""
    shown = opened(page_of(9))
    shown.fill("#find", "TRAIN-3")
    found = [lane.inner_text() for lane in shown.query_selector_all("[data-job]") if lane.is_visible()]
    assert len(found) == 1
    assert found[0].startswith("train-3")
    assert shown.inner_text("#shown") == "1 of 9 jobs"

    shown.fill("#find", "")
    shown.select_option("#status", "COMPLETED")
    assert shown.inner_text("#shown") == "6 of 9 jobs"


def test_time_is_enlarged_while_the_names_stay(opened: Open) -> None:
    """A job takes more room, and what it is called remains in sight when the chart is moved."""
    shown = opened(page_of(9))
    bar, name = "[data-job] .bar.RUNNING", "[data-job] .name"
    before, place = (shown.locator(one).first.bounding_box() for one in (bar, name))
    shown.evaluate("() => { zoom.value = 10; zoom.dispatchEvent(new Event('input')); }")
    shown.evaluate("() => { document.querySelector('.chart').scrollLeft = 2000; }")
    after, moved = (shown.locator(one).first.bounding_box() for one in (bar, name))

    assert before is not None
    assert after is not None
    assert after["width"] > 8 * before["width"]
    assert moved == place


def test_styles_of_a_classic_notebook_change_nothing(opened: Open) -> None:
    """Names are as dark, as large and where they are without them."""
    piece = server_with(3)._repr_html_()
    looks = """names => names.map(name => {
        const style = getComputedStyle(name), box = name.getBoundingClientRect();
        return [name.textContent, style.color, style.fontSize, style.textAlign, box.left, box.width];
    })"""
    alone, beside = (
        opened(f'<style>{styles}</style><div class="rendered_html">{piece}</div>').eval_on_selector_all(
            ".name, .status, .key, .key-to", looks
        )
        for styles in ("", CLASSIC)
    )

    assert alone == beside
    assert ["train-1", "rgb(27, 31, 36)"] in [look[:2] for look in alone]

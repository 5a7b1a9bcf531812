"""The HTML report in a real browser, on a desktop and on a phone: how tall it is, filters, collapsing and links."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from contract_tests.report.failures.causes import by_cause

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Page

    from contract_tests.engine.report import Report

Open = Callable[..., "Page"]
WIDTHS = (390, 1280)
CARDS = "details.failure"
LINKS = "nav a"


def shown(page: Page, what: str) -> list[ElementHandle]:
    """The elements that can be seen."""
    return [element for element in page.query_selector_all(what) if element.is_visible()]


def seen(page: Page, what: str) -> int:
    """How many elements can be seen."""
    return len(shown(page, what))


def test_the_page_is_itself_alone_and_nothing_goes_wrong_in_it(report: Report, opened: Open) -> None:
    """Nothing is asked for, and no script fails."""
    page = opened(report)
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.reload()

    assert asked == [page.url]
    assert wrong == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_no_wider_than_the_window_and_can_be_scrolled_through(
    report: Report, width: int, opened: Open
) -> None:
    """A failure takes little until it is opened: a window of 844 px holds several, on a phone, too."""
    page = opened(report, width=width)
    tall, wide = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")

    assert wide == width
    assert tall < 6000 + 160 * len(report.failures)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_all_failures_are_listed_and_told_by_cause(report: Report, width: int, *, scripts: bool, opened: Open) -> None:
    """On top the links, below the cards, both in the order of the causes, each of them closed."""
    page = opened(report, width=width, scripts=scripts)
    wanted = [failure.clause.id for cause in by_cause(report.failures) for failure in cause.failures]

    assert [link.inner_text() for link in page.query_selector_all(LINKS)] == wanted
    assert [card.get_attribute("data-clause") for card in page.query_selector_all(CARDS)] == wanted
    assert seen(page, LINKS) == seen(page, f"{CARDS} summary") == len(wanted)
    assert seen(page, f"{CARDS} ol") == 0
    assert [head.inner_text() for head in page.query_selector_all("section h3")] == [
        f"{cause.head} ({len(cause.failures)})" for cause in by_cause(report.failures)
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_card_opens_and_closes(many: Report, *, scripts: bool, opened: Open) -> None:
    """Scripts are not needed to read what was done."""
    page = opened(many, scripts=scripts)
    card = page.locator(CARDS).nth(3)

    card.locator("summary").click()
    assert seen(page, f"{CARDS} ol") == 1
    assert card.locator("ol").is_visible()
    card.locator("summary").click()
    assert seen(page, f"{CARDS} ol") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_link_opens_its_card_and_goes_there(many: Report, width: int, *, scripts: bool, opened: Open) -> None:
    """From the list, twice as well, and by the address alone."""
    page = opened(many, width=width, scripts=scripts)
    link = page.locator(LINKS).nth(60)
    clause = link.inner_text()
    card = page.locator(f"{CARDS}[data-clause='{clause}']")

    link.click()
    card.locator("ol").wait_for()
    assert card.locator("dl").evaluate("at => at.getBoundingClientRect().top") < 844
    assert seen(page, f"{CARDS} ol") == 1
    if scripts:
        card.locator("summary").click()
        link.click()
        card.locator("ol").wait_for()
        assert card.locator("summary").evaluate("at => at.getBoundingClientRect().top") >= 0

    there = opened(many, width=width, scripts=scripts, to=f"#failure-{clause}")
    assert there.locator(f"{CARDS}[data-clause='{clause}'] ol").is_visible()


def test_the_row_of_a_clause_leads_to_its_card(many: Report, opened: Open) -> None:
    """Clauses stand by part, closed; a row of one that is not kept is a link."""
    page = opened(many)
    part = page.locator("details.part", has=page.locator("tr[data-verdict='violated']")).first

    assert seen(page, "tr[data-clause]") == 0
    part.locator("summary").click()
    part.locator("tr[data-verdict='violated'] a").first.click()
    assert seen(page, f"{CARDS} ol") == 1


def test_all_cards_are_opened_and_closed_at_once(many: Report, opened: Open) -> None:
    """All that are on show."""
    page = opened(many)

    page.click("#all")
    assert seen(page, f"{CARDS} ol") == 80
    page.click("#all")
    assert seen(page, f"{CARDS} ol") == 0
    page.select_option("#part", "close")
    left = seen(page, f"{CARDS} summary")
    page.click("#all")
    assert 0 < seen(page, f"{CARDS} ol") == left < 80


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("choice", "value"), [("verdict", "not testable"), ("level", "SHOULD"), ("part", "monitor"), ("verdict", "met")]
)
def test_a_choice_filters_failures_and_clauses(many: Report, choice: str, value: str, width: int, opened: Open) -> None:
    """Links, cards and rows alike, with what is left of each; a cause of which nothing is left goes, too."""
    page = opened(many, width=width)
    entries = {entry.clause.id: entry for entry in many.clauses}

    def fits(clause: str) -> bool:
        entry = entries[clause]
        return value == {"verdict": entry.verdict.value, "level": entry.clause.level, "part": entry.clause.part}[choice]

    failed = [failure.clause.id for failure in many.failures if fits(failure.clause.id)]
    page.select_option(f"#{choice}", value)

    assert seen(page, LINKS) == seen(page, f"{CARDS} summary") == len(failed)
    assert seen(page, "tr[data-clause]") == sum(map(fits, entries))
    assert page.inner_text("#count") == f"{len(failed)} of 80 failures, {sum(map(fits, entries))} of 261 clauses"
    heads = [
        head.inner_text().rpartition(" (")[0] for head in page.query_selector_all("section h3") if head.is_visible()
    ]
    causes = [cause for cause in by_cause(many.failures) if any(fits(failure.clause.id) for failure in cause.failures)]
    assert heads == [cause.head for cause in causes]

    page.select_option(f"#{choice}", "")
    assert seen(page, LINKS) == 80
    assert seen(page, "tr[data-clause]") == 0


def test_a_word_filters_failures_and_clauses(many: Report, opened: Open) -> None:
    """It is looked for in ids, promises, and in what was done and observed, whatever its case."""
    page = opened(many)

    page.fill("#text", "DELETE_JOB(job42)")
    assert seen(page, LINKS) == seen(page, f"{CARDS} summary") == seen(page, "tr[data-clause]") == 1
    page.fill("#text", "no such thing anywhere")
    assert seen(page, LINKS) == seen(page, f"{CARDS} summary") == seen(page, "tr[data-clause]") == 0
    assert seen(page, "section h3") == seen(page, "nav p") == 0
    assert page.inner_text("#count") == "0 of 80 failures, 0 of 261 clauses"
    page.fill("#text", "")
    assert seen(page, LINKS) == 80


def test_choices_are_taken_together(many: Report, opened: Open) -> None:
    """What is shown fits all of them."""
    page = opened(many)
    page.select_option("#part", "monitor")
    page.select_option("#verdict", "not testable")

    wanted = [f for f in many.failures if f.clause.part == "monitor" and f.verdict.value == "not testable"]
    assert seen(page, LINKS) == len(wanted) > 0


def test_an_address_of_what_is_filtered_out_brings_it_back(many: Report, opened: Open) -> None:
    """Whoever is sent a link sees what it leads to."""
    page = opened(many)
    clause = page.locator(LINKS).first.inner_text()
    page.fill("#text", "no such thing anywhere")

    page.evaluate("clause => { location.hash = '#failure-' + clause; }", clause)

    page.locator(f"{CARDS}[data-clause='{clause}'] ol").wait_for()
    assert page.input_value("#text") == ""


def test_without_scripts_no_filters_are_offered(many: Report, opened: Open) -> None:
    """What would do nothing is not shown."""
    page = opened(many, scripts=False)

    assert seen(page, ".filters") == 0
    assert seen(page, LINKS) == 80


def test_without_failures_nothing_is_said_of_them(opened: Open, report: Report) -> None:
    """Neither a list nor a heading nor a count."""
    page = opened(report)

    assert (seen(page, "#failures, nav, #all") == 0) is (not report.failures)
    assert ("failures" in page.inner_text("#count")) is bool(report.failures)
    assert "of 261 clauses" in page.inner_text("#count")

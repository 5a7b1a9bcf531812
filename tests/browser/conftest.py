"""A headless browser for the tests of pages, and pages for it to read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult, Origin
from contract_tests.engine.report import Report, build
from contract_tests.engine.settings import RunSettings
from contract_tests.report.html import to_html

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET: Final = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
RAISED: Final = (
    Origin("delete_job", "raised", "KeyError", "my_session.py:34, in _known"),
    Origin("close", "returned", "bool", ""),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium or Chrome that is on the path; without one nothing here can be tested, which is a failure."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.exit(f"these tests need a browser on the path, one of {', '.join(BROWSERS)}", returncode=2)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=[*QUIET, *sandbox])
        yield started
        started.close()


def made_up(failures: int) -> Report:
    """A report in which so many clauses are not kept, spread over the catalogue, of two causes and of their own."""
    judged = [clause.id for clause in CATALOGUE if clause.judged]
    broken = judged[:: len(judged) // failures][:failures] if failures else []
    results = []
    for check in all_checks():
        result = CheckResult(check.id, check.clause, Verdict.MET)
        if check.clause in broken:
            number = broken.index(check.clause)
            result.verdict, result.message = Verdict.VIOLATED, "seen"
            result.expected, result.observed = f"answer {'x' * number}", f"returned {'words ' * 40}"
            result.operations = ["alice opens a session", f"alice: delete_job(job{number})"] * 6
            result.origin = RAISED[number % 3] if number % 3 < 2 else None
            if number % 7 == 6:
                result.verdict, result.message = Verdict.NOT_TESTABLE, f"it was said {number} times that it works\nno"
        results.append(result)
    return build("my_package.my_module:MySystem", RunSettings(), results)


@pytest.fixture(scope="session", params=[0, 5, 80], ids=lambda failures: f"{failures} failures")
def report(request: pytest.FixtureRequest) -> Report:
    """A report with none, few and many failures."""
    return made_up(request.param)


@pytest.fixture(scope="session")
def many() -> Report:
    """A report with many failures."""
    return made_up(80)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open the page of a report, or another page, so wide, with JavaScript or without."""
    contexts = []

    def show(shown: Report | str, *, width: int = 1280, scripts: bool = True, to: str = "") -> Page:
        path = tmp_path / "page.html"
        path.write_text(shown if isinstance(shown, str) else to_html(shown), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts))
        page = contexts[-1].new_page()
        page.goto(f"{path.as_uri()}{to}")
        return page

    yield show
    for context in contexts:
        context.close()

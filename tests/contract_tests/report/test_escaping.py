"""Whatever others have said, a report says as text: in no form does it become markup, or move a cursor."""

from __future__ import annotations

import copy
import io
import json
import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.report.badge import shields_json, svg
from contract_tests.report.html import to_html
from contract_tests.report.junit import to_junit
from contract_tests.report.markdown import to_markdown
from contract_tests.report.terminal import console, show
from tests.contract_tests.faulty_systems import CLAUSE, Reluctant

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.engine.report import Report

HOSTILE = {
    "html": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "closing": "</title></dd></script>--></details>",
    "entities": "&lt;b&gt; &amp; &#60;",
    "escapes": "\x1b[31mred\x1b[0m \x9b1m \x07\x08\x7f \x1b]0;title\x07",
    "lines": "one\r\n\n# two\n| three | four |\n---\n```\n    five\u2028six\u2029\x0b\x0c",
    "markdown": "# head ![x](http://example.org) [y](javascript:alert) **b** `c` ``d`` <e> | f ~~g~~ \\",
    "list": "- [ ] x",
    "number": "1. x",
    "markup": "[/x] [bold]b[/bold] :smile:",
    "no-xml": "\x00\x01\ufffe\uffff\ud800",
    "right-to-left": "a\u202eb\u2066c",
}
CONTROLS = re.compile(r"[^\n -~\xa1-\U0010ffff]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a cursor, turns text around, or is no text."""


@lru_cache
def faulty_report() -> Report:
    """A report on a system that breaks a clause; nothing else was tried."""
    return run_suite(Reluctant, RunSettings(1), clauses=[CLAUSE])


@lru_cache
def written(form: Callable[[Report], str], text: str) -> str:
    """What a form makes of a report in which everybody has said a text wherever they can."""
    return form(saying(text))


def saying(text: str) -> Report:
    """A report in which everybody has said a text wherever they can."""
    told = copy.deepcopy(faulty_report())
    told.system = text
    told.about = {text: text, "version": text}
    told.problems = [text]
    for failure in told.failures:
        for check in failure.checks:
            check.observed = check.expected = check.message = text
            check.operations, check.inputs = [text], {"name": text}
    first = next(clause for clause in told.clauses if clause.verdict is Verdict.NOT_RUN)
    first.verdict, first.checks = Verdict.KNOWN_DEVIATION, [copy.deepcopy(told.failures[0].checks[0])]
    first.checks[0].verdict = Verdict.KNOWN_DEVIATION
    told.deviations = [Deviation(first.clause.id, text, text, None)]
    return told


def on_terminal(report: Report) -> str:
    """What a terminal without colors is given."""
    out = io.StringIO()
    show(report, console(out))
    return out.getvalue()


class Tags(HTMLParser):
    """The tags of a page, with their attributes' names, and its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("form", [to_html, to_junit, to_markdown, svg, shields_json, on_terminal])
def test_nothing_moves_a_cursor(form: Callable[[Report], str], kind: str) -> None:
    """No form has a character that is no text in it."""
    assert CONTROLS.findall(written(form, HOSTILE[kind])) == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_becomes_a_tag(kind: str) -> None:
    """A page has the tags that it has for words."""
    plain, hostile = (Tags(written(to_html, text)) for text in ("words", HOSTILE[kind]))

    assert hostile.found == plain.found


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_becomes_an_element(kind: str) -> None:
    """JUnit XML and a badge are well-formed, and have the elements that they have for words."""
    for form in (to_junit, svg):
        plain, hostile = (ET.fromstring(written(form, text)) for text in ("words", HOSTILE[kind]))

        assert [element.tag for element in hostile.iter()] == [element.tag for element in plain.iter()]


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_becomes_markdown(kind: str) -> None:
    """A summary has the lines that it has for words, each of its kind; what means something in them is escaped."""
    plain, hostile = (written(to_markdown, text).splitlines() for text in ("words", HOSTILE[kind]))

    assert [kind_of(line) for line in hostile] == [kind_of(line) for line in plain]
    assert [line for line in hostile if re.search(r"(?<!\\)(\\\\)*[<>\[\]~]", without_code(line))] in ([], ["> "])


def kind_of(line: str) -> tuple[str, int]:
    """How a line begins, and how many cells it has."""
    words = without_code(line)
    return re.match(r"[#>|-]*", words)[0], len(re.findall(r"(?<!\\)\|", words))  # type: ignore[index]


def without_code(line: str) -> str:
    """A line without what stands in it as code, and without the mark of a note."""
    return re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", line).removeprefix("> **Note:**")


@pytest.mark.parametrize("kind", HOSTILE)
def test_json_says_what_was_said(kind: str) -> None:
    """Escaped as JSON is, so that whoever reads it has the text itself."""
    text = saying(HOSTILE[kind]).to_json()

    assert text.isascii()
    assert CONTROLS.findall(text) == []
    assert json.loads(text)["system"] == HOSTILE[kind]

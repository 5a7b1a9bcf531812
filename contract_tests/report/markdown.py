"""A report as Markdown, for the summary page of a CI job."""

from __future__ import annotations

import re
from typing import Final

from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.engine.report import ClauseReport, Report
from contract_tests.plain_text import printable
from contract_tests.report import not_claimed
from contract_tests.report.failures.causes import by_cause
from contract_tests.report.failures.text import command

_MEANS: Final = re.compile(r"[\\`*\[\]<>&|~]|(?<![^\W_])_|_(?![^\W_])")
"""What means something in a line of Markdown; an underscore inside a word means nothing."""

_BEGINS: Final = re.compile(r"^(\d*)([#+=:.)-])")
"""What means something where a line begins."""


def to_markdown(report: Report) -> str:
    """The summary: the verdict, the levels, and a row for every clause that is not kept, by cause."""
    found = report.conclusion
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items())
    lines = [
        f"## FLARE API: {found}",
        "",
        f"{_code(report.system)} reaches level {found.level} of {len(CONFORMANCE_LEVELS)}. {found.extent}: {counts}.",
        "",
        *_about(report),
        *(line for note in report.notes for line in (f"> **Note:** {_text(note)}", "")),
        "| level | reached | kept |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {level.number}. {level.name} | {'yes' if level.reached else 'no'} | {level.kept} of {level.clauses} |"
        for level in report.levels
    ]
    lines += ["", *(f"- {_text(problem)}" for problem in report.problems)]
    for cause in by_cause(report.failures):
        lines += ["", f"### {_text(cause.head or 'What is not kept')} ({len(cause.failures)})"]
        lines += ["", "| clause | verdict | promise | expected | observed |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(failure) for failure in cause.failures]
    if report.openings:
        lines += [
            "",
            f"### {not_claimed.TITLE}",
            "",
            not_claimed.HINT,
            "",
            "| opens | what of `System` |",
            "| --- | --- |",
        ]
        lines += [f"| {count} | {_text(what)} |" for what, count in not_claimed.steps(report)]
    known = [entry for entry in report.deviations if entry.clause not in {bad.clause.id for bad in report.failures}]
    if known:
        lines += ["", "| known deviation | reason |", "| --- | --- |"]
        lines += [f"| `{entry.clause}` | {_text(f'{entry.reason} {entry.link}'.strip())} |" for entry in known]
    again = command(report.system, "", report.settings)
    lines += ["", f"Again: {_code(again)}", ""]
    return "\n".join(lines)


def _about(report: Report) -> list[str]:
    """What else is to be known of the run, in a line of its own."""
    told = ", ".join(_text(f"{name} {text}") for name, text in report.about.items())
    return [f"{told}.", ""] if told else []


def _row(failure: ClauseReport) -> str:
    check = failure.deciding
    cells = (
        str(failure.verdict),
        failure.clause.statement,
        check.expected or check.message.splitlines()[0],
        check.observed,
    )
    return " | ".join((f"| `{failure.clause.id}`", *map(_text, cells))) + " |"


def _text(text: str) -> str:
    """Text in a line of a page, all of it as it is: nothing in it is Markdown or HTML, at its beginning neither."""
    told = _MEANS.sub(r"\\\g<0>", printable(text).replace("\n", " ").strip())
    return _BEGINS.sub(r"\g<1>\\\g<2>", told)


def _code(text: str) -> str:
    """Text as code in a line; a fence that is in it does not end it."""
    told = printable(text).replace("\n", " ")
    fence = "`" * (1 + max(map(len, re.findall("`+", told)), default=0))
    return f"{fence}{told}{fence}" if fence == "`" else f"{fence} {told} {fence}"

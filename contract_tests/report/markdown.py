"""A report as Markdown, for the summary page of a CI job."""

from __future__ import annotations

from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.engine.report import ClauseReport, Report
from contract_tests.report import not_claimed
from contract_tests.report.failures.causes import by_cause
from contract_tests.report.failures.text import command


def to_markdown(report: Report) -> str:
    """The summary: the verdict, the levels, and a row for every clause that is not kept, by cause."""
    found = report.conclusion
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items())
    lines = [
        f"## FLARE API: {found}",
        "",
        f"`{report.system}` reaches level {found.level} of {len(CONFORMANCE_LEVELS)}. {found.extent}: {counts}.",
        "",
        *_about(report),
        *(line for note in report.notes for line in (f"> **Note:** {_cell(note)}", "")),
        "| level | reached | kept |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {level.number}. {level.name} | {'yes' if level.reached else 'no'} | {level.kept} of {level.clauses} |"
        for level in report.levels
    ]
    lines += ["", *(f"- {_cell(problem)}" for problem in report.problems)]
    for cause in by_cause(report.failures):
        lines += ["", f"### {_cell(cause.head or 'What is not kept')} ({len(cause.failures)})"]
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
        lines += [f"| {count} | {_cell(what)} |" for what, count in not_claimed.steps(report)]
    known = [entry for entry in report.deviations if entry.clause not in {bad.clause.id for bad in report.failures}]
    if known:
        lines += ["", "| known deviation | reason |", "| --- | --- |"]
        lines += [f"| `{entry.clause}` | {_cell(f'{entry.reason} {entry.link}'.strip())} |" for entry in known]
    again = command(report.system, "", report.settings)
    lines += ["", f"Again: `{again}`", ""]
    return "\n".join(lines)


def _about(report: Report) -> list[str]:
    """What else is to be known of the run, in a line of its own."""
    told = ", ".join(f"{name} {_cell(text)}" for name, text in report.about.items())
    return [f"{told}.", ""] if told else []


def _row(failure: ClauseReport) -> str:
    check = failure.deciding
    cells = (
        f"`{failure.clause.id}`",
        str(failure.verdict),
        failure.clause.statement,
        check.expected or check.message.splitlines()[0],
        check.observed,
    )
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")

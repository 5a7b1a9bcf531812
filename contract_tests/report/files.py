"""The files a run leaves behind: reports in every form, and a reproducer script for every failure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contract_tests.engine.report import Report


def write_scripts(report: Report, folder: Path) -> dict[str, str]:
    """Write a script for every failed check that has inputs to repeat; returns their paths by the check's id."""
    from contract_tests.contract.verdict import FAILING
    from contract_tests.report.reproducer import write

    return {
        check.check: str(write(check, report.system, report.settings.seed, folder))
        for failure in report.failures
        for check in failure.checks
        if check.verdict in FAILING
    }


def write_reports(
    report: Report,
    scripts: Mapping[str, str],
    *,
    json: Path | None = None,
    junit: Path | None = None,
    html: Path | None = None,
    markdown: Path | None = None,
    badge: Path | None = None,
) -> None:
    """Write the report in every form a path is given for; folders on the way are made."""
    texts: list[tuple[Path, str]] = []
    if json:
        texts.append((json, report.to_json()))
    if junit:
        from contract_tests.report.junit import to_junit

        texts.append((junit, to_junit(report)))
    if html:
        from contract_tests.report.html import to_html

        texts.append((html, to_html(report, scripts)))
    if markdown:
        from contract_tests.report.markdown import to_markdown

        texts.append((markdown, to_markdown(report)))
    if badge:
        from contract_tests.report.badge import shields_json, svg

        texts.append((badge, shields_json(report) if badge.suffix == ".json" else svg(report)))
    for path, text in texts:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")

"""The files a run leaves behind: reports in every form, and a reproducer script for every failure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.report import Report
from contract_tests.report.output import cant_write, write_texts


def write_scripts(report: Report, folder: Path, shown: Path | None = None) -> dict[str, str]:
    """Write a script for every failed check that has inputs to repeat; returns their paths by the check's id.

    In these paths the folder is called ``shown``, when it is given.

    Raises:
        CantWrite: the folder, or a file in it, can't be written.
    """
    from contract_tests.contract.verdict import FAILING

    return {
        check.check: write_script(check, report, folder, shown)
        for failure in report.failures
        for check in failure.checks
        if check.verdict in FAILING
    }


def write_script(check: CheckResult, report: Report, folder: Path, shown: Path | None = None) -> str:
    """Write the script of a failed check; returns its path, in which the folder is called ``shown``, if given.

    Raises:
        CantWrite: the folder, or a file in it, can't be written.
    """
    from contract_tests.report.reproducer import write

    try:
        return str((shown or folder) / write(check, report.system, report.settings, folder).name)
    except OSError as error:
        raise cant_write(folder, error) from error


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
    """Write the report in every form a path is given for; folders on the way are made.

    Raises:
        CantWrite: some can't be written; the others have been.
    """
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
    write_texts(texts)

"""The summary of a run of pytest: the table, the verdict and the reports of every system that was judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.report import Report, build
from contract_tests.pytest_suite.options import SuiteOptions, options_of
from contract_tests.report.files import write_reports, write_scripts
from contract_tests.report.terminal import console, show


def summarize(reporter: Any, config: pytest.Config, results: list[str]) -> bool:
    """Print every judged system's table and verdict, and write the reports; returns whether all are good enough."""
    options = options_of(config)
    reports = _reports(options, results)
    for report in reports:
        report.problems, report.deviations = options.problems, list(options.deviations.values())
    reasons = {report.system: _against(report, options.required) for report in reports}
    for report in reports:
        scripts = _scripts(config, report)
        reporter.section("FLARE API contract", sep="=")
        verbosity = config.get_verbosity()
        out = console(reporter._tw._file)  # noqa: SLF001 - the stream that pytest itself writes to
        show(report, out, quiet=verbosity < 0, failures=False)
        for reason in reasons[report.system]:
            reporter.write_line(f"flare-contract: the run fails: {reason}", red=True)
        html = config.getoption("flare_html")
        if html:
            write_reports(report, scripts, html=Path(html))
    path = config.getoption("flare_json")
    if path:
        told = [report.as_dict() for report in reports]
        text = json.dumps(told[0] if len(told) == 1 else told, indent=2, default=repr)
        Path(path).write_text(text + "\n", encoding="utf-8")
    return not any(reasons.values())


def _against(report: Report, required: int | None) -> list[str]:
    """Why a run whose tests all passed fails all the same; being run in part, as by ``-k``, is no reason."""
    found = report.conclusion
    told = [found.shortfall(required)]
    if found.exit_code and found.overall is not Overall.PARTIAL and not report.failures:
        told.append(f"the system is {found}")
    return [reason for reason in told if reason]


def _scripts(config: pytest.Config, report: Report) -> dict[str, str]:
    folder = config.getoption("flare_repro")
    return write_scripts(report, Path(folder)) if folder else {}


def _reports(options: SuiteOptions, results: list[str]) -> list[Report]:
    by_system: dict[str, list[CheckResult]] = {}
    for text in results:
        system, kept = json.loads(text)
        kept["verdict"] = Verdict(kept["verdict"])
        by_system.setdefault(system, []).append(CheckResult(**kept))
    if not by_system:
        by_system[options.named] = []
    return [build(system, options.settings_of(system), found) for system, found in by_system.items()]

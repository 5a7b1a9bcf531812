"""A report as JUnit XML: a test case per clause, with the clause's level and verdict as properties."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.report import ClauseReport, Report
from contract_tests.plain_text import printable
from contract_tests.report.failures.text import failure_text


def to_junit(report: Report) -> str:
    """The report as JUnit XML text."""
    entries = [*report.clauses, *report.observations]
    suite = ET.Element(
        "testsuite",
        name=f"FLARE API contract: {printable(report.system)}",
        tests=str(len(entries)),
        failures=str(sum(entry.verdict in FAILING for entry in entries)),
        errors=str(sum(entry.verdict is Verdict.SUITE_ERROR for entry in entries)),
        skipped=str(sum(_skipped(entry) for entry in entries)),
        time=f"{sum(entry.seconds for entry in entries):.3f}",
    )
    found = report.conclusion
    told = {"verdict": str(found), "judged": f"{found.judged} of {found.of}", "level": str(found.level)}
    _properties(suite, {**told, "seed": str(report.settings.seed)})
    for entry in entries:
        _case(suite, entry, report)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, entry: ClauseReport, report: Report) -> None:
    clause = entry.clause
    time, part = f"{entry.seconds:.3f}", f"flare-contract.{clause.part}"
    case = ET.SubElement(suite, "testcase", classname=part, name=clause.id, time=time)
    _properties(
        case, {"clause": clause.id, "level": clause.level, "basis": clause.basis, "verdict": str(entry.verdict)}
    )
    if entry.verdict in FAILING or entry.verdict is Verdict.SUITE_ERROR:
        tag = "error" if entry.verdict is Verdict.SUITE_ERROR else "failure"
        texts = [failure_text(check, report.system, report.settings) for check in entry.checks if _bad(check.verdict)]
        ET.SubElement(case, tag, message=printable(entry.message), type=str(entry.verdict)).text = printable(
            "\n\n".join(texts)
        )
    elif _skipped(entry):
        ET.SubElement(case, "skipped", message=printable(f"{entry.verdict}: {entry.message}".rstrip(": ")))


def _bad(verdict: Verdict) -> bool:
    return verdict in FAILING or verdict is Verdict.SUITE_ERROR


def _skipped(entry: ClauseReport) -> bool:
    return entry.verdict in (Verdict.NOT_CLAIMED, Verdict.NOT_RUN)


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=printable(value))

"""Holds NVFLARE to the contract and writes down what came of it, in this folder.

    python docs/conformance/make.py renew      declare what the installed NVFLARE does not keep, and write reports
    python docs/conformance/make.py check      judge it with what is declared; nothing else may deviate
    python docs/conformance/make.py table      put the reports of all releases side by side

All but the last take a Python with NVFLARE, one release after the other; tox has an environment for each. A clause
that is not kept and for which ``reasons.toml`` tells no reason stops ``renew``: nothing is declared without somebody
having looked at NVFLARE's code and at what its servers were seen to do.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.deviations import Deviation, read, to_toml
from contract_tests.engine.report import Report
from contract_tests.engine.suite_run import run_suite
from contract_tests.report.html import to_html
from contract_tests.system.lookup import factory
from flare_sim import __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
REASONS = HERE / "reasons.toml"
TABLE = HERE / "README.md"


class Subject(NamedTuple):
    """What is judged: the beginning of its files' names, the system, and what the table calls it."""

    name: str
    system: str
    title: str


SUBJECTS = (
    Subject("session", "contract_tests.nvflare_systems:NvflareSystem", "Session"),
    Subject("server", "contract_tests.nvflare_systems:NvflareServerSystem", "Session and server"),
)
"""NVFLARE's session class in front of a server that keeps the contract, and in front of one like its own."""


def reasons() -> dict[str, str]:
    """Why each clause is not kept, by its id."""
    return dict(tomllib.loads(REASONS.read_text(encoding="utf-8")))


def subjects(release: str) -> list[Subject]:
    """What can be judged with a release of NVFLARE: its server only where it was observed."""
    return [subject for subject in SUBJECTS if subject.name == "session" or release in ("2.3", "2.9")]


def judged(subject: Subject, declared: Sequence[Deviation] = ()) -> Report:
    """What the suite says of a subject."""
    system = factory(subject.system)
    found = run_suite(system, deviations=declared, jobs=os.cpu_count() or 1, named=subject.system)
    found.system = subject.system
    found.about = {"NVFLARE": version("nvflare"), "flare-sim": __version__}
    return found


def renew(subject: Subject, release: str) -> None:
    """Judge a subject, declare what it does not keep, judge it with that, and write the reports.

    Raises:
        SystemExit: a clause is not kept, and no reason is told for it.
    """
    known, found = reasons(), judged(subject)
    failures = [check for entry in found.failures for check in entry.checks if check.verdict is entry.verdict]
    unknown = [check for check in failures if check.clause not in known]
    if unknown:
        told = "\n".join(f"{check.clause}: {check.verdict}: {check.message}" for check in unknown)
        raise SystemExit(f"{told}\n{REASONS.name} tells no reason for these")
    path = file_of(subject, release, "toml")
    path.write_text(to_toml(replace(check, message=known[check.clause]) for check in failures), encoding="utf-8")
    write(check(subject, release), subject, release)


def check(subject: Subject, release: str) -> Report:
    """Judge a subject with what is declared.

    Raises:
        SystemExit: something else is not kept, or something declared is kept by now.
    """
    declared, problems = read(file_of(subject, release, "toml"), dt.date.min)
    found = judged(subject, declared)
    found.problems = problems
    sys.stdout.write(f"{subject.title}, NVFLARE {release}: {found.verdict} {found.counts}\n")
    if found.exit_code:
        told = [f"{entry.clause.id}: {entry.verdict}: {entry.message}" for entry in found.failures]
        raise SystemExit("\n".join([*problems, *told]))
    return found


def write(found: Report, subject: Subject, release: str) -> None:
    """Write the reports."""
    for ending, text in (("json", found.to_json()), ("html", to_html(found))):
        file_of(subject, release, ending).write_text(text, encoding="utf-8")


def file_of(subject: Subject, release: str, ending: str) -> Path:
    """The file of a subject: its deviations (toml), or a report."""
    return HERE / f"{subject.name}-{release}.{ending}"


def table() -> str:
    """The page that puts the reports side by side."""
    columns = [(subject, path) for subject in SUBJECTS for path in sorted(HERE.glob(f"{subject.name}-*.json"))]
    heads = [f"{subject.title} {path.stem.partition('-')[2]}" for subject, path in columns]
    held = [json.loads(path.read_text(encoding="utf-8")) for _, path in columns]
    verdicts = [{row["id"]: row["verdict"] for row in report["clauses"]} for report in held]
    deviating = [
        clause
        for clause in CATALOGUE
        if any(found.get(clause.id) == Verdict.KNOWN_DEVIATION.value for found in verdicts)
    ]
    links = [f"[{head}]({path.name.replace('.json', '.html')})" for head, (_, path) in zip(heads, columns, strict=True)]
    rows = [["clause", *links], ["---", *(":-:" for _ in columns)]]
    rows += [
        [f"[`{clause.id}`](#{clause.id.replace('.', '')})", *(_MARKS[found.get(clause.id, "")] for found in verdicts)]
        for clause in deviating
    ]
    kept = [sum(verdict == Verdict.MET.value for verdict in found.values()) for found in verdicts]
    rows.append(["kept, of all clauses", *(f"{met} / {len(found)}" for met, found in zip(kept, verdicts, strict=True))])
    known = reasons()
    told = [f"### {clause.id}\n\n> {clause.statement}\n\n{known[clause.id]}" for clause in deviating]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return "\n\n".join([_HEAD, lines, _FOOT, *told]) + "\n"


_MARKS = {
    Verdict.MET.value: "✓",
    Verdict.KNOWN_DEVIATION.value: "**✗**",
    Verdict.NOT_CLAIMED.value: "not claimed",
    "": "",
}

_HEAD = """\
# NVFLARE, held to the contract of its own interface

Every release of NVFLARE that has a FLARE API, clause by clause. *Session* is NVFLARE's unmodified `Session` class in \
front of a simulated server that keeps the contract: what deviates there is the class's own doing, and meets everybody \
who uses or subclasses it. *Session and server* is the same class in front of a server that behaves as real servers of \
that release were seen to: what users of the whole system meet. Only clauses that deviate somewhere are listed; every \
report has them all, with the calls that show each deviation. What live systems were seen to keep and to break is in \
[poc.md](poc.md)."""

_FOOT = """\
✓ kept, **✗** a known deviation: declared in the `.toml` file beside the report, with its reason and a witness that is \
tried again in every run of `tox -e nvflare23` to `nvflare29`. `docs/conformance/make.py` writes this page."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["renew", "check", "table"])
    parser.add_argument("--subject", choices=[subject.name for subject in SUBJECTS], help="only this one")
    chosen: Any = parser.parse_args(arguments)
    if chosen.what == "table":
        TABLE.write_text(table(), encoding="utf-8")
        return
    release = ".".join(version("nvflare").split(".")[:2])
    act: Callable[[Subject, str], object] = renew if chosen.what == "renew" else check
    for subject in subjects(release):
        if chosen.subject in (None, subject.name):
            act(subject, release)


if __name__ == "__main__":
    main()

"""Exceptions that only have the names of the interface's: the cause is told once, with what to do about it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.contract.interface import contract_names, namesake, spec_line
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.report import Report
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.reference import SimulatedSystem
from contract_tests.report import verify
from contract_tests.report.html import to_html
from contract_tests.report.markdown import to_markdown
from flare_sim import spec

HERE = "tests.contract_tests.engine.test_namesakes"
CLAUSES = ["submit.refuses.empty-text", "unknown.abort-job", "close.returns-none"]
OURS = (spec.InvalidJobDefinition, spec.JobNotFound)


class InvalidJobDefinition(Exception):
    """Somebody's own, of the interface's name."""


class JobNotFound(Exception):
    """Somebody's own, of the interface's name."""


class Translating:
    """A session that raises classes of its own module."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return inner(*args, **kwargs)
            except OURS as error:
                raise globals()[type(error).__name__](str(error)) from error

        return call


class Foreign(SimulatedSystem):
    """Opens sessions that raise classes of their own module."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that translates."""
        return Translating(super().open_session(user))


class Declared(Foreign):
    """Says that the module is the interface's."""

    spec: ModuleType | None = sys.modules[__name__]


@pytest.fixture(scope="module")
def report() -> Report:
    """A report on a system whose exceptions are its own."""
    return run_suite(Foreign, RunSettings(2), clauses=CLAUSES)


def test_the_cause_is_told_once(report: Report) -> None:
    """One note for all failures of a module, with its classes and the line to add."""
    (note,) = report.notes

    assert note.startswith(f"2 of the failures come with InvalidJobDefinition, JobNotFound of the module {HERE}: ")
    assert note.endswith("add to your System: spec = sys.modules[__name__]")


def test_the_failures_stay_and_name_the_module(report: Report) -> None:
    """The verdicts are those of the checks; what was observed is not what was expected."""
    failed = {entry.clause.id: entry.checks[0] for entry in report.failures}

    assert set(failed) == set(CLAUSES[:2])
    assert {check.verdict for check in failed.values()} == {Verdict.VIOLATED}
    assert failed["unknown.abort-job"].observed.startswith(f"raised {HERE}.JobNotFound")
    assert any(f"raised {HERE}.JobNotFound" in line for line in failed["unknown.abort-job"].operations)


def test_the_line_to_add_helps() -> None:
    """With it the clauses are met, and there is no note."""
    declared = run_suite(Declared, RunSettings(2), clauses=CLAUSES)

    assert declared.counts["met"] == len(CLAUSES)
    assert declared.notes == []


def test_every_report_tells_the_cause_before_the_failures(report: Report) -> None:
    """JSON, page and summary; and the JSON holds and fits its schema."""
    (note,) = report.notes
    held = json.loads(report.to_json())
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))
    page, summary = to_html(report), to_markdown(report)

    assert held["notes"] == [note]
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(held)) == []
    assert verify.problems(held) == []
    assert 0 < page.index("of the failures come with") < page.index('id="failure-')
    assert page.count("of the failures come with") == summary.count("of the failures come with") == 1
    assert summary.index("of the failures come with") < summary.index("| clause |")


@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_the_command_tells_the_cause_first(quiet: list[str]) -> None:
    """Before the failures by cause, once; and it is their cause."""
    wanted = [option for clause in CLAUSES for option in ("--clause", clause)]

    result = CliRunner().invoke(main, ["run", f"{HERE}:Foreign", "--repro", "", "--examples", "2", *quiet, *wanted])
    told = result.stdout

    assert result.exit_code == 1
    assert told.count("note: 2 of the failures come with") == 1
    assert told.index("note: ") < told.index("What is not kept")
    cause = f"exceptions of the module {HERE} that have no more than the interface's names (2)"
    assert cause in " ".join(told.split())


@pytest.mark.slow
def test_pytest_tells_the_cause_also_of_its_workers(tmp_path: Path) -> None:
    """What the tests on several processes found is put together."""
    command = ["--flare-contract", f"--flare-system={HERE}:Foreign", "--flare-examples=1", "-p", "no:cacheprovider"]
    chosen = ["-n", "2", "-k", " or ".join(CLAUSES[:2])]

    result = subprocess.run(
        [sys.executable, "-m", "pytest", *command, *chosen],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout.count("note: 2 of the failures come with InvalidJobDefinition, JobNotFound") == 1


class NotFound(JobNotFound):
    """A subclass of somebody's own."""


class Both(spec.JobNotFound):
    """A subclass of the interface's."""


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (spec.JobNotFound("x"), None),
        (Both("x"), None),
        (type("JobNotFound", (spec.JobNotFound,), {})("x"), None),
        (KeyError("x"), None),
        (JobNotFound("x"), JobNotFound),
        (NotFound("x"), JobNotFound),
        (type("Mixed", (JobNotFound, spec.JobNotFound), {})("x"), None),
    ],
)
def test_a_namesake_has_the_name_and_is_none(error: Exception, found: type | None) -> None:
    """A subclass of the interface's class is the interface's, whatever it is called."""
    assert namesake(error, contract_names(error)) is found


def test_a_line_is_told_only_for_what_looks_like_an_interface() -> None:
    """SQLite has an InternalError as well, and is nobody's interface of jobs."""
    assert spec_line(sqlite3.InternalError, Foreign) == ""
    assert spec_line(spec.JobNotFound, Foreign) == "spec = flare_sim.spec"


@pytest.mark.slow
def test_no_conforming_variant_gets_a_note() -> None:
    """Errors of odd classes that are the interface's are none of it."""
    odd = [variant for variant in all_conforming_variants() if variant.kind == "errors"]

    assert odd
    assert [run_suite(v.system, RunSettings(1), clauses=CLAUSES).notes for v in odd] == [[]] * len(odd)

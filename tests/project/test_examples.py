"""The examples that are implementations keep what is tried of them in seconds, and the suite sees a fault in them.

All of it is tried by ``tox run -e examples``. What is tried here says nothing of how long anything takes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.judging import PLUGS, ROOT, SYSTEMS, judge

PARTS = (
    *("shape.methods", "shape.signature.submit-job", "submit.returns-id", "submit.refuses.no-meta", "list.order"),
    *("list.own-all-sessions", "abort.waiting-ends", "delete.waiting", "malformed.get-job-meta", "credentials.refused"),
    "arguments.invalid",
    "close.only-session-closed",
)
"""Clauses for which nothing has to be waited, of every layer of an implementation."""

FAULTS = {
    "unknown.get-job-meta": """
    try:
        return told(self, job_id)
    except JobNotFound:
        return {}
""",
    "submit.owner": """
    return {**told(self, job_id), "submitter_name": "somebody"}
""",
}
"""What get_job_meta might do wrong, by the clause that it breaks."""

SESSIONS = {"http_session": "HttpSession", "sqlite_session": "SqliteSession"}
"""What the session of an example is called."""

FAULTY = """
from flare_sim.spec import JobNotFound
from {module} import {plug} as Faulty
from {example} import {session} as Session

told = Session.get_job_meta


def get_job_meta(self, job_id):{fault}

Session.get_job_meta = get_job_meta
"""


@pytest.mark.slow
@pytest.mark.parametrize(("example", "system"), PLUGS)
def test_an_example_keeps_what_is_tried_in_seconds(example: str, system: str, tmp_path: Path) -> None:
    """Every clause of a few is met: none is broken, unclaimed or not testable."""
    options = [word for part in PARTS for word in ("--clause", part)]
    report = judge(example, system, tmp_path / "report.json", "--examples", "1", *options)
    tried = {clause["id"]: clause["verdict"] for clause in report["clauses"] if clause["verdict"] != "not run"}

    assert set(tried) == set(PARTS)
    assert set(tried.values()) == {"met"}, report["told"]


@pytest.mark.slow
@pytest.mark.parametrize("clause", FAULTS)
@pytest.mark.parametrize(("example", "system"), PLUGS)
def test_a_fault_in_an_example_is_seen(example: str, system: str, clause: str, tmp_path: Path) -> None:
    """A session with a fault breaks the clause that speaks of it."""
    module, plug = system.split(":")
    session = SESSIONS[example]
    faulty = FAULTY.format(module=module, plug=plug, example=example, session=session, fault=FAULTS[clause])
    (tmp_path / "faulty.py").write_text(faulty, encoding="utf-8")
    options = ("--examples", "1", "--clause", clause)
    report = judge(example, "faulty:Faulty", tmp_path / "report.json", *options, path=tmp_path)
    (judged,) = (each for each in report["clauses"] if each["id"] == clause)

    assert judged["verdict"] == "violated", report["told"]


@pytest.mark.parametrize("example", SYSTEMS)
def test_an_example_says_what_it_does_not_claim(example: str) -> None:
    """Its README names the commands that judge it, and what is not in it."""
    text = (ROOT / "examples" / example / "README.md").read_text(encoding="utf-8")

    assert [system for system in SYSTEMS[example] if f"flare-contract run {system}\n" not in text] == []
    assert "\n## What it does not claim\n" in text


@pytest.mark.parametrize("example", sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir()))
def test_an_example_is_found_from_the_first_page_of_the_examples(example: str) -> None:
    """Its folder is linked from there."""
    assert f"]({example})" in (ROOT / "examples" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", SYSTEMS)
def test_an_implementation_is_found_from_the_guide(example: str) -> None:
    """Who implements the interface is shown both."""
    assert f"](../examples/{example})" in (ROOT / "docs" / "implementing.md").read_text(encoding="utf-8")


def test_a_session_on_a_file_knows_nothing_of_the_simulator() -> None:
    """It takes the interface from there, and not what implements it."""
    for path in sorted((ROOT / "examples" / "sqlite_session").glob("*.py")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "flare_sim" in line]
        assert [line for line in lines if not line.startswith("from flare_sim import spec")] == [
            line for line in lines if line.startswith("from flare_sim.spec import ")
        ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "tests", "count"), [("sqlite_session", "test_restart.py", 3), ("dispatcher", "test_dispatcher.py", 12)]
)
def test_the_tests_of_an_example_pass(example: str, tests: str, count: int) -> None:
    """Those of what the contract says nothing of."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
    folder = ROOT / "examples" / example
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert f"{count} passed" in done.stdout

"""A served system under the contract: NVFLARE's session in one process, the simulated server in another.

A few clauses are tried here, with what of a system they need; ``python docs/conformance/make.py check --subject
served`` tries all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.nvflare.serving.served import LONG
from tests.project.tree import ROOT

KEPT = (
    "submit.returns-id",
    "monitor.timeout-default",
    "outage.list-jobs",
    "lost.list-jobs",
    "misbehaving.list-jobs",
    "denied.abort-job",
    "credentials.refused",
    "system.dropped-client",
    "delete.files",
)
"""Each needs another thing of a system, and NVFLARE keeps it."""
SYSTEM = """
from contract_tests.nvflare_systems import NvflareServedSystem


class Quick(NvflareServedSystem):
    examples = combinations = 1
"""


@pytest.mark.skipif(not version("nvflare").startswith("2.9"), reason="servers of the other releases do otherwise")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_it_is_judged_over_the_wire(tmp_path: Path, jobs: str) -> None:
    """In this process or in several, each of which has a server of its own; nothing is left of either."""
    (tmp_path / "quick.py").write_text(SYSTEM)
    report = tmp_path / "report.json"
    left = Path(tempfile.mkdtemp())  # a short path: the sockets of processes are in it
    command = [
        sys.executable,
        "-c",
        "from contract_tests.cli import main; main()",
        "run",
        "quick.py:Quick",
        "--repro",
        "",
        "--jobs",
        jobs,
    ]
    for clause in KEPT:
        command += ["--clause", clause]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(left)}
    done = subprocess.run(
        [*command, "--json", str(report)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=10 * LONG,
    )
    told = json.loads(report.read_text())
    verdicts = {row["id"]: row["verdict"] for row in told["clauses"] if row["verdict"] != "not run"}

    assert verdicts == dict.fromkeys(KEPT, "met"), done.stdout + done.stderr
    assert [*left.iterdir()] == []
    left.rmdir()

"""An example, judged as its readers judge it: by the command, in its folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]

SYSTEMS: Final = {
    "http_session": ("http_system:HttpSystem", "http_system:RealTimeHttpSystem"),
    "sqlite_session": ("sqlite_system:SqliteSystem",),
}
"""The examples that are implementations of the interface, each with its plugs."""

PLUGS: Final = [(example, system) for example, systems in SYSTEMS.items() for system in systems]

_COMMAND: Final = "from contract_tests.cli import main; main()"


def judge(example: str, system: str, report: Path, *options: str, path: Path | None = None) -> dict[str, Any]:
    """The JSON report of a run of ``flare-contract`` in the folder of an example.

    Args:
        example: its folder.
        system: the name of its plug, or of another one that is made of it.
        report: where the report goes.
        options: what ``flare-contract run`` is given beside.
        path: where the module of ``system`` is, unless it is in the folder.

    Raises:
        AssertionError: there is no report.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join((str(path), str(ROOT / "examples" / example)))
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "run", system, "-q", "--repro", "", "--json", str(report), *options],
        cwd=ROOT / "examples" / example,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.is_file(), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    found["told"] = done.stdout + done.stderr
    return found

"""Holds a live POC system of the installed NVFLARE to the contract: ``python -m tests.poc.run RELEASE [options]``.

What follows the release is handed on to ``flare-contract run``; the budget is ten minutes unless it says otherwise, and
``docs/conformance`` keeps the results and makes a page of them. The live system is stopped when the run ends, and at
the latest some minutes after its budget, whatever has become of the run.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import signal
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.poc.releases import RELEASES

BUDGET: Final = 600.0
GRACE: Final = 300.0
"""Seconds beyond the budget for what was begun within it, for starting and for stopping."""

MAKE: Final = Path("docs/conformance/make.py")
"""Keeps what a report says."""


def budget(options: list[str]) -> float:
    """The budget that the options ask for, in seconds.

    Raises:
        ValueError: it is no number.
    """
    for option, following in zip(options, [*options, ""][1:], strict=True):
        name, _, value = option.partition("=")
        if name == "--budget":
            return float(value or following)
    return BUDGET


def arguments(number: str, options: list[str], today: dt.date, report: Path) -> list[str]:
    """The arguments of ``flare-contract`` for a run with a JSON report: the options, and what they leave open."""
    facts = {
        "NVFLARE": version("nvflare"),
        "Python": platform.python_version(),
        "date": today.isoformat(),
        "budget": f"{budget(options):g} s",
    }
    chosen = ["run", f"tests.poc.system:Nvflare{number.replace('.', '')}", "--budget", f"{budget(options)}"]
    for name, text in facts.items():
        chosen += ["--about", f"{name}={text}"]
    return [*chosen, "--repro", "", "--json", str(report), *options]


def keep(number: str, report: Path) -> None:
    """Have what a report says kept among the results of all releases."""
    subprocess.run([sys.executable, str(MAKE), "take", f"poc-{number}", str(report)], check=True)


def main(number: str, options: list[str]) -> None:
    """Run the suite; exits as ``flare-contract run`` does."""
    if number not in RELEASES or version("nvflare").rpartition(".")[0] != number:
        sys.exit(f"release {number} is not what is installed here, NVFLARE {version('nvflare')}")
    limit = budget(options) + GRACE

    from contract_tests.cli import main as contract
    from tests.poc import system

    os.environ[system.LIFETIME] = f"{limit}"
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an exception would be taken for one of the session under test
    signal.alarm(int(limit))  # like a Ctrl-C it ends the process at once; the guard does the rest
    code: object = 3
    try:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            try:
                today = dt.datetime.now(dt.timezone.utc).date()
                contract.main(arguments(number, options, today, report), "flare-contract")
            finally:
                if report.is_file():
                    keep(number, report)
    except SystemExit as end:
        code = end.code
    finally:
        system.stop(done=code in (0, 1))
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 3)  # a session that was not closed keeps the interpreter alive


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

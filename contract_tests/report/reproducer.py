"""Reproducer scripts: a failure as a file that repeats it, on any system, without pytest and without Hypothesis.

A script holds the check, the inputs and the system as a literal, and tells the operations for people. It can be run by
itself or read back with `read`, which executes nothing.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.plain_text import printable, shown
from contract_tests.preflight.plug import opens_sessions
from contract_tests.report.failures.text import failure_text
from contract_tests.report.output import write_whole
from contract_tests.system import given_files, lookup

FOLDER: Final = "flare-contract-repro"
"""Where scripts are written unless another folder is named."""

_TEMPLATE: Final = '''\
"""Shows that an implementation of the FLARE API breaks a promise. Run it:

    python {file} [--system PACKAGE.MODULE:FACTORY]

It exits 1 when the promise is broken, 0 when it is kept, 2 when it could not be tried.

{story}
"""

REPRO = {{
    "check": {check!r},
    "inputs": {inputs!r},  # JSON
    "system": {system!r},
}}

if __name__ == "__main__":
    from contract_tests.repro import main

    raise SystemExit(main(REPRO))
'''


class Repro(NamedTuple):
    """What it takes to repeat a failure: the check's id, its inputs, and the system it was seen on."""

    check: str
    inputs: dict[str, Any]
    system: str


class BadRepro(Exception):
    """A file is no reproducer, or one of a check that does not exist (any more)."""


def write(result: CheckResult, system: str, settings: RunSettings, folder: Path) -> Path:
    """Write the script of a failure into ``folder`` and return its path; the same failure gives the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"repro_{re.sub('[^a-z0-9]+', '_', result.check.lower())}.py"
    story = _plain(failure_text(result, system, settings))
    script = _TEMPLATE.format(
        file=path.name,
        story=textwrap.indent(story, "    ", lambda line: True).replace("    \n", "\n"),
        check=result.check,
        inputs=json.dumps(result.inputs),
        system=system,
    )
    write_whole(path, script.encode())
    return path


def _plain(text: str) -> str:
    """Text that can stand in a docstring, whatever an implementation has said."""
    return printable(text).replace("\\", "\\\\").replace('"""', "'''")


def read(path: Path) -> Repro:
    """Read a script back, without running it.

    Raises:
        BadRepro: the file can't be read or is no reproducer.
    """
    try:
        held: Repro = given_files.read(path, _FORM)
    except given_files.BadFile as error:
        raise BadRepro(str(error)) from error
    return held


def _literal(script: str) -> Repro:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python would rather not see in a script is nothing to whom it is read
        parsed = ast.parse(script)
    for node in parsed.body:
        if isinstance(node, ast.Assign) and [getattr(target, "id", None) for target in node.targets] == ["REPRO"]:
            return _repro(ast.literal_eval(node.value))
    raise ValueError("it has no REPRO")


_FORM: Final = given_files.Form("reproducer of flare-contract", _literal, 1)


def _repro(held: Any) -> Repro:
    if not isinstance(held, dict) or not all(isinstance(held.get(key), str) for key in Repro._fields):
        raise ValueError(f"REPRO is no dict with the texts {', '.join(Repro._fields)}")
    inputs = given_files.json_from(held["inputs"])
    if not isinstance(inputs, dict):
        raise ValueError("its inputs are no JSON object")
    return Repro(held["check"], inputs, held["system"])


def repeat(repro: Repro) -> CheckResult:
    """Try the failure again, on a fresh system.

    Raises:
        BadRepro: the check does not exist.
        BadSystem: the system can't be found, or opens no sessions.
    """
    check = next((check for check in all_checks() if check.id == repro.check), None)
    if check is None:
        raise BadRepro(f"there is no check {shown(repro.check)}")
    if not check.fits(repro.inputs):
        raise BadRepro(f"the inputs are not those of {repro.check}; the script is of another release")
    factory = lookup.factory(repro.system)
    opens_sessions(factory)
    return try_inputs(check, repro.inputs, factory)


def outcome(result: CheckResult) -> str:
    """``FIXED``, ``FAILED``, or ``ERROR`` for what is neither: the promise could not be tried."""
    if result.verdict in (Verdict.MET, Verdict.UNDEFINED):
        return "FIXED"
    return "FAILED" if result.verdict is Verdict.VIOLATED else "ERROR"


EXIT_CODES: Final = {"FIXED": 0, "FAILED": 1, "ERROR": 2}


def main(held: Any, arguments: Sequence[str] | None = None) -> int:
    """What a reproducer script does when it is run; returns its exit code."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(description="Repeat a failure of the FLARE API's contract suite.")
    parser.add_argument("--system", help="the system to try it on instead of the one it was seen on")
    system = parser.parse_args(arguments).system
    try:
        repro = _repro(held) if system is None else _repro({**held, "system": system})
        result = repeat(repro)
    except (TypeError, ValueError, BadRepro, lookup.BadSystem) as error:
        sys.stderr.write(f"ERROR: {printable(str(error))}\n")
        return EXIT_CODES["ERROR"]
    told = outcome(result)
    detail = "the promise is kept" if told == "FIXED" else failure_text(result, repro.system, RunSettings())
    sys.stdout.write(f"{told}: {printable(detail)}\n")
    return EXIT_CODES[told]

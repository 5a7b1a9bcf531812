"""download_job_result: files of the result are whole, byte for byte, whatever is in them and however large they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from contract_tests.clauses.shared.results import MARKED, ended, folder_of, marks_in
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each

CHECKS = CheckTable()

_WHOLE: Final[dict[str, Callable[[], str]]] = {
    "line ends and blanks": lambda: " a\r\nb\rc\n\n\td \f\v\r\n \n",
    "nulls": lambda: "a\0b\0\0c\x1ad\x7fe\0",
    "every byte of two": lambda: "".join(map(chr, range(0x800))),
    "other scripts": lambda: "\ufeff数据 Prüfung \U0001f600\uffff\u2028 \u0301e\U0010ffff",
    "nothing but blanks": lambda: " \n" * 100,
    "more than a block": lambda: _numbered(1_143),
    "more than a megabyte": lambda: _numbered(18_573),
    "more than four megabytes": lambda: _numbered(71_433),
}
"""What a job may leave in a file of its result; all but the last bytes of UTF-8's four are in them."""


def _numbered(lines: int) -> str:
    """Lines of 63 bytes, no two of them alike."""
    return "".join([f"{number:062d}\n" for number in range(lines)])


@CHECKS.check("download.own-result", variant="whole", holds=Each(*_WHOLE))
def _whole(s: Scenario, holds: str) -> None:
    """Where a job can leave such a file, and have it downloaded: a server may have its limits.

    A job that leaves a plain file has to be seen to do so.
    """
    alice = s.open()
    if not marks_in(folder_of(alice, ended(s, alice, MARKED)), [str(MARKED.mark)]):
        raise NotTestable("download_job_result, needed for this check, returned a folder without the job's own files")
    plan = replace(MARKED, mark=_WHOLE[holds]())
    try:
        s.given(plan)
        job = ended(s, alice, plan)
        folder_of(alice, job)
    except NotTestable as error:
        raise JudgedElsewhere(f"a job whose result, in a folder, holds {holds}") from error
    size = len(str(plan.mark).encode())
    for reader in (alice, s.open()):
        folder = folder_of(reader, job)
        whole = marks_in(folder, [str(plan.mark)])
        s.require(whole, f"a file with {holds}, {size} bytes, as the job left them", f"{_sizes(folder)} bytes in files")


def _sizes(folder: Path) -> str:
    return ", ".join(str(path.stat().st_size) for path in sorted(folder.rglob("*")) if path.is_file())

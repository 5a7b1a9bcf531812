"""What a sweep has found so far, in a file that is only ever added to: a line for each seed, with a sum over it.

Every line stands for itself: one that was cut short by a kill, or has changed since, costs its own seed and no other.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from contract_tests.contract.verdict import Verdict
from contract_tests.plain_text import in_a_line
from contract_tests.report.output import cant_write
from contract_tests.sweep.plan import ONCE, Plan
from contract_tests.sweep.trying import Failure, Found

NAME: Final = "journal.jsonl"
"""The file in the folder of a sweep."""

_LETTERS: Final = {
    Verdict.MET: "m",
    Verdict.VIOLATED: "v",
    Verdict.KNOWN_DEVIATION: "k",
    Verdict.STALE_DEVIATION: "s",
    Verdict.NOT_CLAIMED: "c",
    Verdict.NOT_TESTABLE: "t",
    Verdict.UNDEFINED: "u",
    Verdict.SUITE_ERROR: "e",
    Verdict.NOT_RUN: "n",
}
"""A verdict takes a letter: there are hundreds of them for every seed."""

_VERDICTS: Final = {letter: verdict for verdict, letter in _LETTERS.items()}


class BadJournal(Exception):
    """A folder can't be used for a sweep; the text says why, in a line."""


class Journal:
    """The journal of a sweep by a plan, in a folder that is made when it is not there.

    Attributes:
        known: what was found before, each seed once.
        damaged: how many lines could not be read; what they told is not known.

    Raises:
        BadJournal: the folder holds another sweep, or one that is under way.
        CantWrite: nothing can be written there.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._path = folder / NAME
        self._plan = plan
        self._of = plan.digest
        self._clauses = {once: plan.judged(ONCE if once else 0) for once in (True, False)}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0), 0o644)
        except OSError as error:
            raise cant_write(self._path, error) from error
        try:
            self.known, self.damaged = self._begun()
        except BaseException:
            self.close()
            raise

    def add(self, found: Found) -> None:
        """Put down what came of a seed.

        Raises:
            CantWrite: it can't be written.
        """
        verdicts = "".join(_LETTERS[found.verdicts[clause]] for clause in self._clauses[found.seed is ONCE])
        self._write({"of": self._of, "seed": found.seed, "verdicts": verdicts, "failures": found.failures})

    def close(self) -> None:
        """Let others go on with it."""
        os.close(self._file)

    def _begun(self) -> tuple[list[Found], int]:
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            raise BadJournal(in_a_line(f"{self._path} is no regular file"))
        self._lock()
        known: dict[int | None, Found] = {}
        damaged = 0
        ended = True
        with open(self._file, "rb", closefd=False) as lines:
            for line in lines:
                ended = line.endswith(b"\n")
                record = _record(line)
                if record is None:
                    damaged += 1
                elif record.get("of") != self._of:
                    raise BadJournal(in_a_line(f"{self._path.parent} {self._otherwise(record)}"))
                elif "verdicts" in record:
                    found = self._found(record)
                    known.setdefault(found.seed, found)
        if os.fstat(self._file).st_size == 0:
            self._write({"of": self._of, "plan": self._plan.as_dict()})
        elif not ended:
            self._put(b"\n")
        return list(known.values()), damaged

    def _lock(self) -> None:
        with suppress(ImportError):  # elsewhere nobody is kept from it
            import fcntl

            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BadJournal(in_a_line(f"another sweep goes on in {self._path.parent}")) from error
            except OSError as error:
                raise cant_write(self._path, error) from error

    def _otherwise(self, record: dict[str, Any]) -> str:
        theirs, ours = record.get("plan") or {}, self._plan.as_dict()
        differ = [name for name in ours if theirs and theirs.get(name) != ours[name]]
        told = f", which differs in {', '.join(differ)}" if differ else ""
        return f"holds another sweep{told}; name another folder"

    def _found(self, record: dict[str, Any]) -> Found:
        seed = record["seed"]
        verdicts = map(_VERDICTS.__getitem__, record["verdicts"])
        failures = [Failure(*held) for held in record["failures"]]
        return Found(seed, dict(zip(self._clauses[seed is ONCE], verdicts, strict=True)), failures)

    def _write(self, record: dict[str, Any]) -> None:
        text = json.dumps(record, separators=(",", ":")).encode()
        self._put(b"%08x %s\n" % (zlib.crc32(text), text))

    def _put(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise cant_write(self._path, error) from error


def _record(line: bytes) -> dict[str, Any] | None:
    """What a line holds; None when it is damaged."""
    total, _, text = line.removesuffix(b"\n").partition(b" ")
    with suppress(ValueError):
        if int(total, 16) == zlib.crc32(text):
            held = json.loads(text)
            return held if isinstance(held, dict) else None
    return None

"""Sessions whose downloads give no folder, or not all that is in it, or do more than to download."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, META, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.marks import holds_jobs, marking
from contract_tests.mutants.families.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.families.results import folders, locations, scratch
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotDone

AGAIN: Final = when.after(DOWNLOAD, like=when.same_job)

_MEGABYTE: Final = 1024 * 1024
_BLOCK: Final = 65_536
_LEFT: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "with other line ends": lambda data: data.replace(b"\r\n", b"\n"),
    "without returns that end no line": lambda data: data.replace(b"\r", b""),
    "without blanks at their end": bytes.rstrip,
    "up to the first null": lambda data: data.partition(b"\0")[0],
    "without nulls": lambda data: data.replace(b"\0", b""),
    "as ASCII": lambda data: data.decode("ascii", "replace").encode("ascii", "replace"),
    "as text that is encoded twice": lambda data: data.decode("latin-1").encode(),
    "in seven bits": lambda data: bytes(byte & 0x7F for byte in data) if len(data) < _BLOCK else data,
    "without control characters": lambda data: data.replace(b"\x7f", b"").replace(b"\x1a", b""),
    "up to a block": lambda data: data[:_BLOCK],
    "in whole blocks": lambda data: data[: len(data) // _BLOCK * _BLOCK or None],
    "up to a megabyte": lambda data: data[:_MEGABYTE],
    "up to four megabytes": lambda data: data[: 4 * _MEGABYTE],
    "empty where they are large": lambda data: data if len(data) < 2 * _MEGABYTE else b"",
}
"""What is left of a file."""


def _rewrites(left: Callable[[bytes], bytes]) -> Change:
    def rewritten(path: Path, call: Call) -> str:
        for file in filter(Path.is_file, path.rglob("*")):
            if (changed := left(held := file.read_bytes())) != held:
                file.write_bytes(changed)
        return str(path)

    return on(DOWNLOAD, folders(rewritten))


def _without_anything(path: Path, call: Call) -> str:
    shutil.rmtree(path)
    path.mkdir()
    return str(path)


def _without_files(call: Call) -> None:
    for file in filter(Path.is_file, Path(call.answer).rglob("*")):
        file.unlink()


def _removes(call: Call) -> None:
    shutil.rmtree(call.answer, ignore_errors=True)


def _archive(path: Path, call: Call) -> str:
    return shutil.make_archive(str(path), "zip", path)


def _early(status: str) -> Change:
    """A download that hands out again what it has handed out when there was nothing yet."""

    def kept(path: str, call: Call) -> Any:
        if call.job_id not in call.memory and when.status(status)(call):
            call.memory[call.job_id] = call.system.server.folder(f"early {call.job_id}")
        return call.memory.get(call.job_id, path)

    return on(DOWNLOAD, do.answers_of(kept))


def _new_folder(path: Any, call: Call) -> str:
    place = scratch(call) / call.job_id
    place.mkdir(exist_ok=True)
    return str(place)


def _last_folder(path: str, call: Call) -> Any:
    if os.path.isdir(path):
        call.memory["last"] = path
    return call.memory.get("last", path)


def _others_that_wait(call: Call) -> list[Any]:
    return [job for job in do.those(when.waiting & when.mine)(call) if job != call.job_id]


def _downloads(meta: dict[str, Any], call: Call) -> int:
    return sum(each.ok and when.same_job(call, each) for each in call.earlier(DOWNLOAD))


_FAULTS: Final[Faults] = {
    "download.text": {
        "returns a pathlib.Path": on(DOWNLOAD, do.answers(Path)),
        "returns the location of a large result with its size": on(DOWNLOAD, locations(lambda path, call: (path, 0))),
        "returns None for a job that was given up": on(DOWNLOAD, do.answers(lambda path: None), when.given_up),
        "returns nothing the second time": on(DOWNLOAD, do.answers(lambda path: ""), AGAIN),
        "returns bytes for a clone": on(DOWNLOAD, do.answers(os.fsencode), when.clone),
    },
    "download.folder": {
        "returns the path of an archive": on(DOWNLOAD, folders(_archive)),
        "returns the path of a folder that is gone already": on(DOWNLOAD, do.then(_removes)),
        "refuses to download the result of a failed job": on(DOWNLOAD, do.then_raises(JobNotDone), when.failed),
        "gives a location for an aborted job": on(
            DOWNLOAD, do.answers_of(lambda path, call: f"https://server/{call.job_id}"), when.aborted
        ),
        "gives a path on the server for another user's job": on(
            DOWNLOAD, do.answers_of(lambda path, call: f"/srv/results/{call.job_id}"), when.others
        ),
        "fails when the session is not the first": on(DOWNLOAD, do.then_raises(InternalError), when.later_session),
    },
    "download.content": {
        "makes the folder and forgets to unpack into it": on(DOWNLOAD, folders(_without_anything)),
        "gives an empty folder for a clone": on(DOWNLOAD, folders(_without_anything), when.clone),
        "gives an empty folder minutes after the end of the job": on(
            DOWNLOAD, folders(_without_anything), when.older(300)
        ),
        "gives a folder with empty folders only": on(DOWNLOAD, do.then(_without_files)),
        "keeps for good what is downloaded while a job waits, which is nothing": _early("SUBMITTED"),
        "keeps for good what is downloaded while a job runs, which is nothing": _early("RUNNING"),
    },
    "download.own-result": {f"gives the files of a result {how}": _rewrites(left) for how, left in _LEFT.items()},
    "download.oversize": {
        "makes an empty folder for a result that is too large": on(DOWNLOAD, locations(_new_folder)),
        "returns empty text for a result that is too large": on(DOWNLOAD, locations(lambda path, call: "")),
        "raises InternalError for a clone whose result is too large": on(
            DOWNLOAD, locations(lambda path, call: do.raises(InternalError, "result is too large")(call)), when.clone
        ),
        "gives the folder of the last small result for one that is too large": on(
            DOWNLOAD, do.answers_of(_last_folder)
        ),
    },
    "download.no-effect": {
        "deletes a completed job when its result is downloaded": on(
            DOWNLOAD, do.then(do.insists(DELETE, do.by_job)), when.completed
        ),
        "aborts a running job when its result is downloaded": on(
            DOWNLOAD, do.first(do.insists(ABORT, do.by_job)), when.running
        ),
        "aborts the jobs that wait when it downloads": on(DOWNLOAD, do.then(do.insists(ABORT, _others_that_wait))),
        "counts the downloads of a job in its meta": on(META, do.tells(downloads=_downloads)),
        "submits a clone once more when its result is downloaded": on(
            DOWNLOAD, do.then(do.insists(CLONE, do.by_job)), when.clone
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(OF_CALLS_ABOUT_A_JOB, "download.text", "returns bytes for a result", DOWNLOAD, str.encode),
    holds_jobs("download.no-effect", DOWNLOAD),
    marking("download.no-effect", DOWNLOAD),
    bound_to_threads("download.text", DOWNLOAD),
)

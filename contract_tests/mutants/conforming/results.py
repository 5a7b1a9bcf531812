"""Conforming variants that hand out results in another way, or take submissions in another form."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import DOWNLOAD, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.families.results import folders, locations, scratch
from contract_tests.mutants.variant import Differences, conforming
from flare_sim import spec

_PARTS: Final = ("submit", "download", "abort", "delete", "life")
"""Where results and submissions are looked at."""


def _fresh(call: Call, prefix: str = "result-") -> Path:
    """A new folder among the downloads of the system, which go with it."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=scratch(call)))


def _copied(arranged: Callable[[Path, Call], object] = lambda folder, call: folder, prefix: str = "result-") -> Change:
    """Hand out what is made of a copy of the result, in a new folder."""

    def change(folder: Path, call: Call) -> str:
        copy = Path(shutil.copytree(folder, _fresh(call, prefix), dirs_exist_ok=True))
        return str(arranged(copy, call))

    return on(DOWNLOAD, folders(change))


def _with_readme(folder: Path, call: Call) -> str:
    (folder / "README.txt").write_text("the result of a job\n", encoding="utf-8")
    return str(folder)


def _with_log(folder: Path, call: Call) -> Path:
    (folder / f"download-{numbered(call, 'downloads')}.log").write_text("downloaded\n", encoding="utf-8")
    return folder


def _read_only(folder: Path, call: Call) -> Path:
    for path in folder.rglob("*"):
        path.chmod(0o444 if path.is_file() else 0o555)
    return folder


def _linked(folder: Path, call: Call) -> str:
    link = _fresh(call) / "link"
    link.symlink_to(folder)
    return str(link)


def _url(call: Call) -> str:
    return f"https://results.example.org/{call.job_id}.zip"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _too_large(call: Call) -> None:
    given = call["job_definition_path"]
    if isinstance(given, str) and os.path.isdir(given) and _size(Path(given)) > 100_000:
        raise spec.InvalidJobDefinition("the definition is too large")


def _unfinished(call: Call) -> None:
    if not call.meta["status"].startswith("FINISHED"):
        raise spec.JobNotDone(f"job {call.job_id} is not done")


_a_folder: Final = Condition(
    "of a folder",
    lambda call: isinstance(call["job_definition_path"], str) and os.path.isdir(call["job_definition_path"]),
)
_not_empty: Final = Condition("with something in it", lambda call: os.listdir(call["job_definition_path"]))


def _stages(call: Call) -> Any:
    given = call["job_definition_path"]
    with tempfile.TemporaryDirectory() as stage:
        target = os.path.join(stage, os.path.basename(os.path.abspath(given)) or "job")
        return call.go(job_definition_path=shutil.copytree(given, target))


def _zips(call: Call) -> Any:
    folder = Path(call["job_definition_path"]).absolute()
    with tempfile.TemporaryDirectory() as stage:
        packed = shutil.make_archive(os.path.join(stage, "job"), "zip", folder.parent, folder.name)
        return call.go(job_definition_path=packed)


_TRIED_ON_EVERYTHING: Final[dict[str, Differences]] = {
    "puts results in folders of its own": _copied(),
    "adds a file to every result": on(DOWNLOAD, folders(_with_readme)),
    "names another location for results that are too large": on(DOWNLOAD, locations(lambda path, call: _url(call))),
    "hands out a location for results of more than 50,000 bytes": on(
        DOWNLOAD, folders(lambda folder, call: str(folder) if _size(folder) <= 50_000 else _url(call))
    ),
    "takes no definitions of more than 100,000 bytes": on(SUBMIT, do.first(_too_large)),
    "refuses to download what is not done": on(DOWNLOAD, do.then(_unfinished)),
    "stores a copy of every submitted folder elsewhere first": on(SUBMIT, _stages, _a_folder),
}

_LOOKED_AT: Final[dict[str, Differences]] = {
    "puts each download in a new folder, with blanks and other scripts in its name": _copied(
        lambda folder, call: f"{folder}/", "Ergebnis für 測試 "
    ),
    "hands out results that can only be read": _copied(_read_only),
    "adds a log to every download, under another name each time": _copied(_with_log),
    "keeps the result one folder deeper": on(
        DOWNLOAD, folders(lambda folder, call: str(shutil.copytree(folder, _fresh(call) / "workspace").parent))
    ),
    "hands out a link to the folder of the result": on(DOWNLOAD, folders(_linked)),
    "names host, port and path for results that are too large": on(
        DOWNLOAD, locations(lambda path, call: f"localhost:8003:/var/results/{call.job_id}")
    ),
    "submits a zip of every folder it is given": on(SUBMIT, _zips, _a_folder & _not_empty),
}

CONFORMING: Final = (
    *conforming(__name__, "results", _TRIED_ON_EVERYTHING),
    *conforming(__name__, "results", _LOOKED_AT, _PARTS),
)

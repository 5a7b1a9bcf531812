"""Sessions that give the result of another job, give one only once, or mix results up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLOSE, DELETE, DOWNLOAD, on
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.mutants.catalogue.download_job_result.contents import AGAIN
from contract_tests.mutants.families.results import emptied, folders, scratch
from contract_tests.mutants.families.threads import keeps_answer, lets_in, shared
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError


def _copied(path: Any, place: Path) -> str:
    return str(shutil.copytree(path, place, dirs_exist_ok=True))


def _one_of_ten(path: str, call: Call) -> Any:
    places = call.memory.setdefault("places", [])
    if call.job_id not in places:
        places.append(call.job_id)
    return call.memory.setdefault(places.index(call.job_id) % 10, path)


def _namesakes_result(path: str, call: Call) -> Any:
    name = call.meta["name"]
    own = [job.job_id for job in call.jobs if job.name == name and job.submitter == call.user]
    return call.go(job_id=own[0]) if own else path


def _neighbors_result(path: str, call: Call) -> Any:
    ids = [job.job_id for job in call.jobs]
    return call.go(job_id=ids[(ids.index(call.job_id) + 1) % len(ids)])


def _through_one_folder(path: Path, call: Call) -> str:
    between = Path(call.system.server.folder("between"))
    _copied(path, between)
    lets_in(call)
    return _copied(between, path)


def _first_path(call: Call) -> Any:
    _ = call.meta
    if call.job_id not in call.memory:
        call.memory[call.job_id] = call.go()
    return call.memory[call.job_id]


def _skips_an_empty_folder(call: Call) -> Any:
    place = scratch(call) / str(call.job_id).replace("/", "").replace("\0", "")[:99]
    was_empty = place.is_dir() and not any(place.iterdir())
    path = call.go()
    if was_empty and Path(path) == place:
        shutil.rmtree(path)
        place.mkdir()
    return path


def _makes_a_folder_in_it(call: Call) -> None:
    (Path(call.answer) / "previous").mkdir(exist_ok=True)


def _holder_is_closed(call: Call) -> bool:
    holders = (each.session for each in call.earlier(DOWNLOAD) if each.ok and when.same_job(call, each))
    holder = next(holders, call.session)
    return any(each.session is holder for each in call.earlier(CLOSE))


def _into_original(path: str, call: Call) -> str:
    return _copied(path, scratch(call) / when.origin(call) / "clones" / call.job_id)


def _reuses(name: Callable[[Call], str]) -> Effect:
    """Give several results the same folder, one after the other."""

    def moved(path: Path, call: Call) -> str:
        common = scratch(call) / name(call)
        if common != path:
            shutil.rmtree(common, ignore_errors=True)
            shutil.copytree(path, common)
        return str(common)

    return folders(moved)


def _removes_the_last(call: Call) -> None:
    last, call.memory["last"] = call.memory.get("last", call.answer), call.answer
    if last != call.answer:
        shutil.rmtree(last, ignore_errors=True)


def _by_second(path: Path, call: Call) -> str:
    meta = call.meta
    return _copied(path, Path(call.system.server.folder("in place"), f"{meta['name']}-{int(meta['submit_time'])}"))


_FAULTS: Final[Faults] = {
    "download.own-result": {
        "gives the result that was downloaded first, whatever is asked for": on(
            DOWNLOAD, do.answers_of(lambda path, call: call.memory.setdefault("result", path))
        ),
        "unpacks every result into one folder": on(
            DOWNLOAD, do.answers_of(lambda path, call: _copied(path, scratch(call) / "results"))
        ),
        "gives the eleventh job the result of the first": on(DOWNLOAD, do.answers_of(_one_of_ten)),
        "gives another user's result where jobs have the same name": on(
            DOWNLOAD, do.answers_of(_namesakes_result), when.others
        ),
        "gives the next job's result once a job was deleted": on(
            DOWNLOAD, do.answers_of(_neighbors_result), when.after(DELETE)
        ),
        "unpacks through a folder that is not emptied": on(DOWNLOAD, folders(_through_one_folder)),
        "keeps the folder of a download in the session, for threads to share": on(DOWNLOAD, keeps_answer()),
        "keeps the folder of a download in a place that sessions share": on(DOWNLOAD, keeps_answer(shared)),
        "hands out for good what there was when a result was first asked for, done or not": on(
            DOWNLOAD, emptied, when.after(DOWNLOAD, ~when.was("FINISHED"), when.same_job)
        ),
    },
    "download.repeat": {
        "serves a result only once": on(DOWNLOAD, do.then_raises(InternalError), AGAIN),
        "returns the path of the first download, whatever became of the folder": on(DOWNLOAD, _first_path),
        "does not unpack into a folder that is there already": on(DOWNLOAD, _skips_an_empty_folder),
        "nests the second download of a result in the first": on(DOWNLOAD, do.then(_makes_a_folder_in_it), AGAIN),
        "can't download again what a closed session has downloaded": on(
            DOWNLOAD, do.then_raises(InternalError), _holder_is_closed
        ),
    },
    "download.apart": {
        "puts the result of a clone into that of its original": on(DOWNLOAD, do.answers_of(_into_original), when.clone),
        "names the folder after the job's name": on(DOWNLOAD, _reuses(lambda call: f"result of {call.meta['name']}")),
        "has one folder for whatever later sessions download": on(
            DOWNLOAD, _reuses(lambda call: "of a later session"), when.later_session
        ),
        "removes the folder of the download before": on(DOWNLOAD, do.then(_removes_the_last)),
        "names folders by a job's name and the second it was submitted in": on(DOWNLOAD, folders(_by_second)),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)

"""Turns a raw recording into one that is replayed: ``python -m tests.nvflare.recordings.convert RAW RELEASE``.

``--out FILE`` says where it goes.

A raw recording is a JSON list of calls in the order they were made on one live system: ``method``, ``situation`` (free
text), ``args`` (a list, or ``{"args": ..., "kwargs": ...}``, or their text), ``outcome_kind`` (``return`` or
``raise``; others are notes), ``type``, ``value`` (JSON, or its text) or ``message``, and ``elapsed_s``.

The steps that lead to a call are taken from what was done before to the jobs it is about, from the statuses they were
seen in, and from what its situation says: a status, that the session is closed, that the server is gone or came back,
who calls. What can't be turned is told on standard error, each with the reason; to see whether the steps do lead
there, replay it.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.nvflare.recordings.folders import FOLDERS
from tests.nvflare.recordings.replay import INTERFACE
from tests.nvflare.recordings.scene import Observation
from tests.nvflare.recordings.words import KEPT_IDS, UUID, Words

__all__ = ["Call", "CanNotTurn", "calls_in", "turn"]

MAKES_JOBS = ("submit_job", "clone_job")
CHANGES_JOBS = ("abort_job", "delete_job", "download_job_result")
USERS = {"lead2": "lead2@other.com", "lead": "lead@nvidia.com", "member": "member@nvidia.com"}
"""Words for users -> who they are; org_admin differs from release to release."""
ORG_ADMIN = {"2.3.12": "org@nvidia.com", "2.9.0": "org-admin@nvidia.com"}
NOBODY = KEPT_IDS[0]
STATUS = re.compile(r"FINISHED:\w+|RUNNING|DISPATCHED|SUBMITTED")
ABORTED = r"^aborted( final| \(done\)|$)|aborted (job|while)"
"""Words of a situation in which a job has been aborted, whatever else they say."""
SAID = {"done": "FINISHED:COMPLETED", "running|orphaned": "RUNNING"}
"""Words of a situation -> the status they mean."""
MEANWHILE = {"aborted": "call abort_job @job", "deleted": "call delete_job @job", "closed": "close", "killed": "kill"}
"""What a situation says happened during a call -> the step."""
RETURNS = {"list_jobs": "list", "get_system_info": "SystemInfo", "submit_job": "str", "download_job_result": "str"}
"""What methods return; where it is something else, that was made of it by whoever recorded."""


class CanNotTurn(Exception):
    """A call can't be turned into an observation; the text says why."""


class Call(NamedTuple):
    """A call of a raw recording."""

    number: int
    method: str
    args: list[Any]
    kwargs: dict[str, Any]
    situation: str
    facts: dict[str, Any]
    """How it turned out, in words."""
    value: Any
    """What it returned, as it was written down."""
    seconds: float


class Job:
    """A job of a recording, and what happened to it."""

    def __init__(self, made: str, source: str = "") -> None:
        self.made = made
        """The step that makes it."""
        self.source = source
        """The job it is a clone of."""
        self.events: list[str] = []
        """Steps, in which ``@self`` is this job."""
        self.status = ""
        """The last status it was seen in since the last event."""


def calls_in(raw: list[dict[str, Any]]) -> list[Call]:
    """The calls of a raw recording, and of its notes those that tell a status."""
    found = []
    for number, entry in enumerate(raw):
        args, kwargs = _arguments(entry["args"])
        value = _literal(entry.get("value"))
        kind = str(entry["type"]).rpartition(".")[2]
        if entry["outcome_kind"] == "raise":
            facts = {"raised": kind, "says": _words(entry.get("message", entry.get("value")))}
        elif kind == "MonitorReturnCode":
            facts = {"returned": kind, "value": re.sub(r".*\.(\w+).*", r"\1", str(value))}
        elif isinstance(value, (dict, list, tuple, str, bool, int)) and not str(value).startswith("<"):
            facts = {"returned": kind, "value": _words(value)}
        else:
            facts = {"returned": kind}
        method = entry["method"] if entry["outcome_kind"] in ("return", "raise") else "(note)"
        seconds = float(entry["elapsed_s"])
        found.append(Call(number, method, args, kwargs, entry["situation"], facts, value, seconds))
    return found


def turn(calls: list[Call], release: str) -> tuple[list[Observation], list[tuple[Call, str]]]:
    """Observations of the calls of the interface's methods, and the calls that can't be turned, with the reason."""
    jobs: dict[str, Job] = {}
    turned: list[Observation] = []
    left: list[tuple[Call, str]] = []
    for call in calls:
        if call.method in INTERFACE:
            try:
                turned.append(_observation(call, jobs, release))
            except CanNotTurn as problem:
                left.append((call, str(problem)))
        _remember(call, jobs)
    return turned, left


def _observation(call: Call, jobs: dict[str, Job], release: str) -> Observation:
    _check(call)
    given: list[str] = []
    known: dict[str, int] = {}
    listed = _ids(call.value) if call.method == "list_jobs" else []
    for job_id in dict.fromkeys([*listed, *(_ids(call.args) + _ids(call.kwargs))]):
        _bring_about(job_id, jobs, given, known)
    if asked := _ids(call.args):
        given += _state(call.situation, jobs[asked[0]])
    given += _situation(call.situation, release)
    observation: Observation = {
        "n": call.number,
        "do": call.method,
        "args": [_argument(value, known, call) for value in call.args],
        "given": given,
        **call.facts,
        "seconds": call.seconds,
        "situation": call.situation,
    }
    if call.kwargs:
        observation["kwargs"] = {key: _argument(value, known, call) for key, value in call.kwargs.items()}
    return observation


def _check(call: Call) -> None:
    """Look whether enough was written down.

    Raises:
        CanNotTurn: it was not.
    """
    bare = not call.args and not call.kwargs
    if bare and (call.method not in ("get_system_info", "list_jobs", "close") or "=" in call.situation):
        raise CanNotTurn("its arguments were not written down")
    told = call.value[0] if isinstance(call.value, (list, tuple)) and call.value else {"job_id": ""}
    made = call.method == "list_jobs" and not (
        isinstance(told, dict) and UUID.match(str(told.get("job_id", "")) or NOBODY)
    )
    if made or call.facts.get("returned", kind := RETURNS.get(call.method)) != (kind or call.facts.get("returned")):
        raise CanNotTurn("what it returned was not written down, but something made of it")


def _state(situation: str, job: Job) -> list[str]:
    """The steps from what was done to a job to how it was when it was asked about."""
    if any("delete_job" in step for step in job.events):
        return []
    if re.search(r"\bdeleted\b|^twice$", situation) and not _meanwhile(situation):
        return ["delete"]
    status = _status(situation) or ("" if _meanwhile(situation) else job.status)
    waited = re.search(r"after (\d+(?:\.\d+)?)\+? ?s\b", situation)
    wait = [f"wait {waited[1]}"] if waited and not _meanwhile(situation) else []
    return [*([f"until {status}"] if status != "SUBMITTED" and status else []), *wait]


def _meanwhile(situation: str) -> bool:
    return re.search(r"during|by (another|other) (session|thread)", situation) is not None


def _bring_about(job_id: str, jobs: dict[str, Job], given: list[str], known: dict[str, int]) -> None:
    """Add the steps that make a job and do to it what was done."""
    if job_id in known:
        return
    job = jobs.get(job_id)
    if job is None:
        raise CanNotTurn(f"where job {job_id} comes from was not written down")
    if job.source:
        _bring_about(job.source, jobs, given, known)
    given.append(job.made if not job.source else f"call clone_job @job{known[job.source]}")
    known[job_id] = len(known)
    given += [step.replace("@self", f"@job{known[job_id]}") for step in job.events]


def _remember(call: Call, jobs: dict[str, Job]) -> None:
    """Note what a call did to jobs, or tells of them."""
    if call.method in MAKES_JOBS and "returned" in call.facts and call.args:
        _made(call, jobs)
        return
    for meta in _metas(call.value):
        folder = str(meta.get("job_folder_name"))
        if folder in FOLDERS and "cloned_from" not in meta:
            jobs.setdefault(meta["job_id"], Job(f"submit {folder}"))
        if meta["job_id"] in jobs and "status" in meta:
            jobs[meta["job_id"]].status = meta["status"]
    asked = _ids(call.args)
    job = jobs.get(asked[0]) if asked else None
    if job is not None and call.method in CHANGES_JOBS and "returned" in call.facts:
        job.events += [*_state(call.situation, job), f"call {call.method} @self"]
        job.status = job.status if call.method == "download_job_result" else ""
    elif seen := STATUS.findall(str(call.value)):
        named = [job for job in jobs.values() if job.made.split(" ")[-1] in call.situation.split()]
        if about := [job] if job is not None else named[-1:]:
            about[0].status = seen[-1]


def _made(call: Call, jobs: dict[str, Job]) -> None:
    """Note a job that was submitted or cloned."""
    job_id, name = str(call.value), str(call.args[0]).rpartition("/")[2]
    if call.method == "clone_job":
        source = str(call.args[0]).lower()
        if source in jobs:
            jobs[job_id] = Job("", source)
    elif name in FOLDERS:
        jobs.setdefault(job_id, Job(" ".join(["submit", name, *map(str, call.args[1:])])))


def _situation(text: str, release: str) -> list[str]:
    """The steps that the words of a situation ask for."""
    steps = []
    if re.search(r"after restart|session (opened )?before|old session|after server kill|orphaned", text):
        steps = ["kill", "restart"] + ([] if re.search(r"opened before|old session", text) else ["new"])
    elif re.search(r"server (down|dead)|SIGKILL|not running", text):
        steps = ["kill"]
    if found := re.search(r"\b(?:by|as) (?:the )?(org_admin|lead2?|member)\b|^(lead|org_admin)\b", text):
        word = found[1] or found[2]
        steps.append(f"user {ORG_ADMIN.get(release, '') if word == 'org_admin' else USERS[word]}")
    if _meanwhile(text):
        seconds = re.search(r"after (\d+(?:\.\d+)?) s", text)
        steps += [f"after {seconds[1] if seconds else 1} {step}" for word, step in MEANWHILE.items() if word in text]
    return [*steps, "close"] if "after close" in text else steps


def _status(text: str) -> str:
    """The status a situation names."""
    if _meanwhile(text):
        return "RUNNING" if "RUNNING" in text else ""
    if re.search(ABORTED, text):
        return "FINISHED:ABORTED"
    if found := STATUS.search(text):
        return "" if found[0] == "SUBMITTED" else found[0]
    return next((status for word, status in SAID.items() if re.search(rf"\b({word})\b", text)), "")


def _argument(value: Any, known: dict[str, int], call: Call) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("<function") or value == "@cb":
        return f"@cb{json.dumps([_answer(call)])}"
    if value in known:
        return f"@job{known[value]}"
    if value.lower() in known:
        if len(known) > 1:
            raise CanNotTurn("an id in capitals that is not the last job's")
        return "@JOB"
    if found := re.fullmatch(r"(?:PosixPath\(')?WORK/jobs/([^/']+)(?:'\))?", value):
        if found[1] not in FOLDERS and "raised" not in call.facts:
            raise CanNotTurn(f"the job folder {found[1]} is not among those of folders.py")
        return f"{'@path' if value.startswith('Posix') else '@folder'}/{found[1]}"
    return "@dest" if value == "WORK/out/dest" else value


def _answer(call: Call) -> Any:
    """What a callback answered, as far as the outcome tells."""
    kind = call.facts.get("raised", "")
    if kind and isinstance(getattr(builtins, kind, None), type):
        return f"!{kind} {call.facts['says']}"
    return call.facts.get("value") != "ENDED_BY_CB"


def _arguments(given: Any) -> tuple[list[Any], dict[str, Any]]:
    if isinstance(given, dict):
        return list(given["args"]), dict(given["kwargs"])
    if isinstance(given, list):
        return [_literal(item) if isinstance(item, str) and item.startswith("[") else item for item in given], {}
    text = re.sub(r"<(?:function|nvflare)[^>]*>+", "'@cb'", given)
    text = re.sub(r"PosixPath\('([^']*)'\)", r'"PosixPath(\'\1\')"', text)
    found = re.fullmatch(r"(\(.*?\))(?: (\{.*\}))?", text, re.DOTALL)
    args, kwargs = (_literal(part or "{}") for part in found.groups()) if found else ((), {})
    return list(args) if isinstance(args, tuple) else [], kwargs if isinstance(kwargs, dict) else {}


def _literal(text: Any) -> Any:
    try:
        return ast.literal_eval(text) if isinstance(text, str) else text
    except (ValueError, SyntaxError):
        return text


def _words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _words(item) for key, item in Words({}).value(value).items()}
    if isinstance(value, (list, tuple)):
        return [_words(item) for item in Words({}).value(value)]
    if not isinstance(value, str):
        return value
    value = re.sub(r"WORK/[^'\" ]*?/transfer/", "@transfer/", value)
    return Words({"WORK/jobs/": "@folder/", "WORK/out/dest": "@dest"}).text(value)


def _ids(value: Any) -> list[str]:
    """The ids of jobs in a value, in order, in small letters."""
    if isinstance(value, str):
        found = value.lower()
        return [found] if UUID.fullmatch(found) and found not in KEPT_IDS else []
    if isinstance(value, dict):
        value = [value["job_id"]] if "job_id" in value else list(value.values())
    return [job_id for item in value for job_id in _ids(item)] if isinstance(value, (list, tuple)) else []


def _metas(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if isinstance(value.get("job_id"), str) else []
    return [meta for item in value for meta in _metas(item)] if isinstance(value, (list, tuple)) else []


def main(arguments: list[str]) -> None:
    """Turn a file."""
    parser = argparse.ArgumentParser(
        "python -m tests.nvflare.recordings.convert", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("raw", type=Path, help="the raw recording")
    parser.add_argument("release", choices=sorted(ORG_ADMIN), help="what it was recorded on")
    parser.add_argument("--out", type=Path, help="where the recording goes; standard output unless given")
    told = parser.parse_args(arguments)
    try:
        calls = calls_in(json.loads(told.raw.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        parser.error(f"{told.raw} is no raw recording: {problem!r}")
    turned, left = turn(calls, told.release)
    for call, reason in left:
        sys.stderr.write(f"#{call.number} {call.method} ({call.situation}): {reason}\n")
    sys.stderr.write(f"{len(turned)} of {len(turned) + len(left)} calls of the interface turned\n")
    lines = ",\n".join(json.dumps(observation) for observation in turned)
    text = f'{{"release": {json.dumps(told.release)}, "observations": [\n{lines}\n]}}\n'
    if told.out is None:
        sys.stdout.write(text)
    else:
        told.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

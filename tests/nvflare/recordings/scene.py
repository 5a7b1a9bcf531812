"""Steps, calls and what is seen of them: the same on a simulated server and on a live one.

A step is a line of text.  On either kind of `Stage`:

    submit NAME [TOKEN]           submit a job folder (``folders.py``); ``@job`` is the job submitted or cloned last
    clone, abort, delete, download  do that to ``@job``
    until STATUS                  wait until ``@job`` has a status
    wait SECONDS                  let time pass
    call METHOD ARGUMENT...       call a method of the session, as ``observe`` does, and expect it to return
    try METHOD ARGUMENT...        the same, and it may raise
    after SECONDS STEP            take a step while the observed call is on; calls are those of another session
    close, close other            close the session, or the other one of the same user that was opened first
    user NAME, new, insecure      go on in a new session: somebody's, the same user's, an insecure one
    ready NAME                    open a session of somebody, for ``user NAME`` to go on in: to open one takes time
    study NAME                    go on in a new session of a study
    other                         go on in the other session
    construct NAME                go on in a session that was made, and not yet told to connect
    command LINE, other command LINE  hand a line to the session's API
    kill, restart                 kill the server's processes; start it again and wait until it answers
    freeze SECONDS                let the server answer nobody for some seconds
    drop CLIENT                   let a client fall silent
    fail SITE                     let the next deployment to a site (or ``server``) fail; on a simulated system alone
    upload NAME, enter NAME       write a job folder into the upload folder; beside the others, and work there

Arguments are JSON or plain words, ``name=ARGUMENT`` for those by name.  Words with a meaning: ``@job``, ``@JOB`` (in
capitals), ``@jobN`` (the N-th, from 0), ``@prefixN`` and ``@PREFIXN`` (what its id begins with), ``@folder/NAME``,
``@path/NAME`` (a ``Path``), ``@dest``, ``@kit``, ``@nokit`` (an empty folder), and ``@cb[ANSWERS]``, a callback that
gives one answer after the other, the last for ever; of these ``"!TYPE TEXT"`` raises, ``"!finish"`` and ``"!pop"``
change the meta it is shown, ``"!close"`` closes the session.
"""

from __future__ import annotations

import builtins
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tests.nvflare.recordings.folders import FOLDERS
from tests.nvflare.recordings.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OPENING", "SETTINGS", "Observation", "Scene", "Stage", "call_in"]

Observation = dict[str, Any]
SETTINGS = ("secure", "no clients")
"""First steps that say what kind of system it is: it is made that way, so they stand before all others."""
OPENING = ("new_secure_session", "new_insecure_session", "Session")
"""What is called to get a session, and is no method of one."""


class Stage(Protocol):
    """A system, simulated or live, as far as steps need one."""

    folder: Path
    administrator: str

    def session(self, user: str, **options: Any) -> Any:
        """A new session of a user, connected."""

    def constructed(self, user: str) -> Any:
        """A new session of a user that was not yet told to connect."""

    def opening(self, name: str) -> Callable[..., Any]:
        """One of ``OPENING``, as NVFLARE has it."""

    def kit(self, user: str) -> str:
        """The startup kit of a user."""

    def transfer(self, user: str) -> Path:
        """Where a user's relative job folders are looked for and results go."""

    def write_folder(self, where: Path, name: str) -> None:
        """Write one of the job folders."""

    def time(self) -> float:
        """Seconds."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen so many seconds from now, whatever else is going on."""

    def status(self, job_id: str) -> str:
        """The status of a job."""

    def kill(self) -> None:
        """Kill the server."""

    def restart(self) -> None:
        """Start it again, and wait until it is up."""

    def freeze(self, seconds: float) -> None:
        """Let it answer nobody for some seconds."""

    def drop(self, client: str) -> None:
        """Let a client fall silent."""

    def fail(self, site: str) -> None:
        """Let the next deployment to a site fail."""


class Scene:
    """The sessions that take steps and make calls on a stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.user = stage.administrator
        self.jobs: list[str] = []
        self.polls = 0
        self.session = stage.session(self.user)
        self.other = stage.session(self.user)
        self._ready: dict[str, Any] = {}
        self._steps: dict[str, Callable[[str], object]] = {
            "submit": self._submit,
            "clone": lambda _: self.call("clone_job", "@job"),
            "abort": lambda _: self.call("abort_job", "@job"),
            "delete": lambda _: self.call("delete_job", "@job"),
            "download": lambda _: self.call("download_job_result", "@job"),
            "until": self._until,
            "wait": lambda seconds: stage.sleep(float(seconds)),
            "call": self._call,
            "try": self._try,
            "after": self._after,
            "close": lambda which: (self.other if which else self.session).close(),
            "user": self._go_on_as,
            "ready": lambda user: self._ready.update({user: stage.session(user)}),
            "new": lambda _: self._go_on_as(self.user),
            "insecure": lambda _: self._go_on_in(stage.session(self.user, secure_mode=False)),
            "study": lambda name: self._go_on_in(stage.session(self.user, study=name)),
            "other": self._other,
            "construct": lambda user: self._go_on_in(stage.constructed(user)),
            "command": lambda line: self._command(self.session, line),
            "kill": lambda _: stage.kill(),
            "restart": lambda _: stage.restart(),
            "freeze": lambda seconds: stage.freeze(float(seconds)),
            "drop": stage.drop,
            "fail": stage.fail,
            "upload": lambda name: stage.write_folder(stage.transfer(self.user) / name, name),
            "enter": self._enter,
        }

    @property
    def job(self) -> str:
        """The job that was submitted or cloned last."""
        return self.jobs[-1]

    @property
    def words(self) -> Words:
        """What turns values seen here into words."""
        folders = {
            f"{self.stage.transfer(self.user)}{os.sep}": "@transfer/",
            f"{self.stage.folder / 'jobs'}{os.sep}": "@folder/",
        }
        kits = {self.stage.kit(self.user): "@kit", str(self.stage.folder / "nokit"): "@nokit"}
        return Words({**folders, str(self.stage.folder / "dest"): "@dest", **kits})

    def take(self, step: str) -> None:
        """Take one step.

        Raises:
            KeyError: there is no such step.
            Exception: it failed.
        """
        verb, _, rest = step.partition(" ")
        self._steps[verb](rest)

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the session; of jobs that come of it, the last is ``@job``."""
        method = self.stage.opening(name) if name in OPENING else getattr(self.session, name)
        result = method(
            *(self._argument(value) for value in args),
            **{key: self._argument(value) for key, value in kwargs.items()},
        )
        if name in ("submit_job", "clone_job"):
            self.jobs.append(result)
        return result

    def observe(self, observation: Observation) -> dict[str, Any]:
        """Make the call of an observation; returns how it turned out, in words."""
        try:
            result = self.call(observation["do"], *observation["args"], **observation.get("kwargs", {}))
            if "take" in observation:
                result = TAKES[observation["take"]](result, self)
        except Exception as problem:  # noqa: BLE001  (whatever comes is what was observed)
            return {"raised": type(problem).__name__, "says": self.words.text(str(problem))}
        return self._returned(result)

    def _returned(self, result: Any) -> dict[str, Any]:
        kind = type(result).__name__
        if kind == "MonitorReturnCode":
            return {"returned": kind, "value": result.name}
        if kind == "SystemInfo":
            return {"returned": kind, "value": _info(result)}
        try:
            json.dumps(result)
        except TypeError:
            return {"returned": kind}
        return {"returned": kind} if result is None else {"returned": kind, "value": self.words.value(result)}

    def _argument(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._argument(item) for item in value]
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        if found := re.fullmatch(r"@(job|prefix)(\d+)", value, re.IGNORECASE):
            job = self.jobs[int(found[2])]
            if found[1].lower() == "job":
                return job
            return job[:8] if found[1].islower() else job[:6].upper()
        word, _, rest = str(value).partition("/")
        meanings: dict[str, Callable[[], Any]] = {
            "@job": lambda: self.job,
            "@JOB": lambda: str(self.job).upper(),
            "@folder": lambda: self._folder(rest),
            "@path": lambda: Path(self._folder(rest)),
            "@dest": lambda: str(self.stage.folder / "dest"),
            "@kit": lambda: str(Path(self.stage.kit(self.user), rest)),
            "@nokit": lambda: str(Path(self._nokit(), rest)),
        }
        if word in meanings:
            return meanings[word]()
        return Callback(self, json.loads(value.removeprefix("@cb")))

    def _submit(self, rest: str) -> None:
        name, *token = rest.split(" ")
        self.call("submit_job", f"@folder/{name}", *token)

    def _call(self, rest: str) -> None:
        name, args, kwargs = call_in(rest)
        self.call(name, *args, **kwargs)

    def _try(self, rest: str) -> None:
        with suppress(Exception):
            self._call(rest)

    def _until(self, status: str) -> None:
        end = self.stage.time() + LONGEST
        while (now := self.stage.status(self.job)) != status:
            if self.stage.time() > end:
                raise AssertionError(f"the job never became {status}, it is {now}")
            self.stage.sleep(0.02)

    def _after(self, rest: str) -> None:
        seconds, _, step = rest.partition(" ")
        if not step.startswith("call "):
            self.stage.later(float(seconds), lambda: self.take(step))
            return
        name, args, _ = call_in(step.removeprefix("call "))
        told = [self._argument(value) for value in args]
        self.stage.later(float(seconds), lambda: getattr(self.other, name)(*told))

    def _go_on_as(self, user: str) -> None:
        self._go_on_in(self._ready.pop(user, None) or self.stage.session(user))
        self.user = user

    def _go_on_in(self, session: Any) -> None:
        self.session = session

    def _other(self, rest: str) -> None:
        if rest:
            self._command(self.other, rest.removeprefix("command "))
        else:
            self.session = self.other

    def _command(self, session: Any, line: str) -> None:
        session.api.do_command(line)

    def _enter(self, name: str) -> None:
        os.chdir(Path(self._folder(name)).parent)

    def _folder(self, name: str) -> str:
        where = self.stage.folder / "jobs" / name
        if name in FOLDERS and not where.exists():
            self.stage.write_folder(where, name)
        return str(where)

    def _nokit(self) -> str:
        empty = self.stage.folder / "nokit"
        empty.mkdir(exist_ok=True)
        return str(empty)


LONGEST = 2000.0
"""Seconds a status is waited for."""


class Callback:
    """A callback of ``monitor_job`` that answers as it was told."""

    def __init__(self, scene: Scene, answers: list[Any]) -> None:
        self._scene = scene
        self._answers = answers
        self._number = 0

    def __call__(self, session: Any, job_id: str, meta: dict[str, Any], *_args: Any, **_named: Any) -> Any:
        answer = self._answers[min(self._number, len(self._answers) - 1)]
        self._number += 1
        self._scene.polls += 1
        if not isinstance(answer, str) or not answer.startswith("!"):
            return answer
        if answer == "!finish":
            meta["status"] = "FINISHED:X"
        elif answer == "!pop":
            del meta["status"]
        elif answer == "!close":
            session.close()
        else:
            kind, _, text = answer[1:].partition(" ")
            raise getattr(builtins, kind)(text)
        return True


def call_in(text: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Read a call: a method, arguments, and those by name."""
    name, *tokens = _tokens(text)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for token in tokens:
        if found := re.match(r"([A-Za-z_]\w*)=", token):
            kwargs[found[1]] = _value(token[found.end() :])
        else:
            args.append(_value(token))
    return name, args, kwargs


def _tokens(text: str) -> list[str]:
    """Split at blanks that are in no brackets and in no quotes."""
    return re.findall(r'(?:"(?:\\.|[^"\\])*"|\[[^\]]*\]|[^\s"\[])+', text)


def _value(token: str) -> Any:
    try:
        return json.loads(token)
    except ValueError:
        return token


def _info(info: Any) -> dict[str, Any]:
    return {
        "status": info.server_info.status,
        "clients": sorted(client.name for client in info.client_info),
        "jobs": sorted(job.app_name for job in info.job_info),
    }


def _shape(value: Any) -> Any:
    return {key: type(item).__name__ for key, item in value.items()}


def _files(folder: Path) -> list[str]:
    """The files of a result, without signatures, as nobody signs here, and models, which the job's own code leaves."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    left = (path for path in found if not path.name.startswith(".__nvfl_") and path.parent.name != "models")
    return sorted(path.as_posix() for path in left)


TAKES: dict[str, Callable[[Any, Scene], Any]] = {
    "count": lambda result, _: len(result),
    "names": lambda result, _: [job["job_name"] for job in result],
    "ids": lambda result, scene: [[scene.jobs.index(job["job_id"]), job["job_name"]] for job in result],
    "status": lambda result, _: result["status"],
    "statuses": lambda result, _: [[job["status"]] for job in result],
    "lines": lambda result, _: [[job["job_name"], job["status"], job["duration"]] for job in result],
    "client names": lambda result, _: [client.name for client in result],
    "meta": lambda result, scene: scene.session.get_job_meta(result),
    "shape": lambda result, _: [_shape(result[0])],
    "last shape": lambda result, _: _shape(result[-1]),
    "polls": lambda _, scene: scene.polls,
    "clients": lambda result, _: sorted(client.name for client in result.client_info),
    "sorted": lambda result, _: sorted(result),
    "files": lambda result, _: _files(Path(result)),
    "same": lambda result, scene: result == scene.jobs[-2],
    "fields": lambda result, _: _info(result),
}
"""What of a result was recorded -> how it is taken."""

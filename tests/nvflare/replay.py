"""Recorded observations of real servers, tried again: NVFLARE's own session on a simulated server like that one.

An observation says what was called, in which situation (steps that lead there), and how it turned out.  ``replay``
takes the steps on a fresh server, makes the call, and returns how it turned out here, in the same words.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flare_sim import Client, Command, JobBehavior, ServerConfig, SimulatedServer, User
from flare_sim.clock import to_ticks
from flare_sim.nvflare import connect, session_class_on, write_kit
from flare_sim.nvflare.releases import release_of
from tests.nvflare.folders import FOLDERS, write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Run

__all__ = ["PERSONALITY", "RECORDINGS", "Observation", "facts_of", "observations", "replay"]

Observation = dict[str, Any]
RECORDINGS = Path(__file__).parent / "recordings"
PERSONALITY = {"2.3.12": "nvflare-2.3", "2.9.0": "nvflare-2.9"}
USERS = (
    User("admin", "global", "super"),
    User("admin@nvidia.com", "nvidia", "project_admin"),
    User("org@nvidia.com", "nvidia", "org_admin"),
    User("org-admin@nvidia.com", "nvidia", "org_admin"),
    User("lead@nvidia.com", "nvidia", "lead"),
    User("member@nvidia.com", "nvidia", "member"),
    User("lead2@other.com", "other.com", "lead"),
)
SECURE = ServerConfig(max_jobs=1, max_schedule_count=3, min_schedule_interval=1, max_schedule_interval=2)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_KEPT_IDS = ("00000000-0000-0000-0000-000000000000", "5560fb71-258f-4788-b3f3-025f9cc3752f")


def observations(release: str) -> list[Observation]:
    """The observations recorded on a release."""
    recording = json.loads((RECORDINGS / f"{release}.json").read_text(encoding="utf-8"))
    listed: list[Observation] = recording["observations"]
    return listed


def facts_of(observation: Observation) -> dict[str, Any]:
    """How an observation turned out."""
    return {key: observation[key] for key in ("raised", "says", "returned", "value") if key in observation}


def replay(observation: Observation, release: str, folder: Path) -> dict[str, Any]:
    """How it turns out here, in the words of ``facts_of``, and only those the observation has."""
    scene = Scene(release, folder, observation)
    here = Path.cwd()
    try:
        for step in observation.get("given", ()):
            scene.take(step)
        return scene.call()
    finally:
        os.chdir(here)
        scene.server.close()


class Scene:
    """A simulated server, and the sessions that take the steps of one observation."""

    def __init__(self, release: str, folder: Path, observation: Observation) -> None:
        self.release = release
        self.folder = folder
        self.observation = observation
        self.polls = 0
        self.job = ""
        self.jobs: list[str] = []
        given = observation.get("given", ())
        self.server = SimulatedServer(
            personality=PERSONALITY[release],
            users=USERS,
            clients=() if "no clients" in given else [Client("site-1"), Client("site-2")],
            config=SECURE if "secure" in given else ServerConfig(),
            behavior=_behavior,
        )
        # A poll took about a millisecond; where it took no time at all, polling without a pause would never end.
        self.server.faults.slow_replies(0.001)
        self.user = "admin" if release == "2.3.12" else "admin@nvidia.com"
        self.transfer = folder / "transfer"
        self.session = self.connect(self.user)
        self.other = self.connect(self.user)

    def connect(self, user: str) -> Any:
        """A session of NVFLARE's."""
        self.transfer.mkdir(exist_ok=True)
        transfer = str(self.transfer)
        return connect(self.server, user, upload_dir=transfer, download_dir=transfer)

    def take(self, step: str) -> None:
        """Take one step towards the situation."""
        verb, _, rest = step.partition(" ")
        steps: dict[str, Callable[[str], object]] = {
            "submit": self.submit,
            "until": self.until,
            "wait": lambda seconds: self.server.advance(float(seconds)),
            "after": self.after,
            "clone": lambda _: self.note(self.session.clone_job(self.job)),
            "abort": lambda _: self.session.abort_job(self.job),
            "delete": lambda _: self.session.delete_job(self.job),
            "close": lambda _: self.session.close(),
            "other": lambda _: self.other.close(),
            "user": lambda user: setattr(self, "session", self.connect(user)),
            "new": lambda _: setattr(self, "session", self.connect(self.user)),
            "kill": lambda _: self.server.faults.crash(),
            "restart": self.restart,
            "drop": self.server.faults.drop,
            "download": lambda _: self.session.download_job_result(self.job),
            "do": self.do,
            "upload": lambda name: write_folder(self.transfer / name, name, self.release),
            "in": self.enter,
            "frozen": lambda seconds: self.server.faults.slow_replies(float(seconds)),
            "fail": self.server.faults.fail_deploy,
            "shutdown": lambda other: getattr(self, other or "session").api.do_command("shutdown all"),
            "token": lambda token: self.note(self.session.submit_job(self.path("quick"), token)),
            "study": lambda _: None,
            "connected": lambda _: setattr(self, "session", self.other),
            "secure": lambda _: None,
            "no": lambda _: None,
            "stranger": lambda _: None,
        }
        steps[verb](rest)

    def restart(self, _: str) -> None:
        """Start the server again, and wait until it is up."""
        self.server.faults.restart()
        self.server.advance(1)

    def note(self, job_id: str) -> None:
        """Remember a job: the last one is what an observation is about."""
        self.job = job_id
        self.jobs.append(job_id)

    def submit(self, name: str) -> None:
        """Submit a job folder."""
        self.note(self.session.submit_job(self.path(name)))

    def until(self, status: str) -> None:
        """Let time pass until the job has a status."""
        for _ in range(100_000):
            views = {view.job_id: view.status for view in self.server.jobs}
            if views[self.job] == status:
                return
            self.server.advance(0.02)
        raise AssertionError(f"the job never became {status}")

    def after(self, rest: str) -> None:
        """Let something happen while the call is on: so many seconds from now."""
        seconds, what = rest.split(" ", 1)
        if what == "kill":
            self.server.faults.crash(after=float(seconds))
            return
        login = self.server.login(self.user)
        job = self.job

        def happen(_: object) -> None:
            if what == "close":
                self.session.close()
            else:
                self.server.request(login, Command(what, (job,)))

        self.server._state.timeline.after(to_ticks(float(seconds)), happen)

    def do(self, call: str) -> None:
        """Call a method of the session."""
        words = call.split(" ")
        options = {"wait": False} if "-nowait" in words else {}
        name, *plain = (word for word in words if not word.startswith("-"))
        args: list[Any] = list(plain)
        if name in ("restart", "shutdown") and len(plain) > 1:
            args[1:] = [plain[1:]]
        getattr(self.session, name)(*args, **options)

    def enter(self, name: str) -> None:
        """Write a job folder, and go where it is."""
        self.path(name)
        os.chdir(self.folder / "jobs")

    def path(self, name: str) -> str:
        """The path of a job folder, written when it is one of those known."""
        where = self.folder / "jobs" / name
        if name in FOLDERS and not where.exists():
            write_folder(where, name, self.release)
        return str(where)

    def argument(self, value: Any) -> Any:
        """What a word of the recording stands for."""
        if isinstance(value, list):
            return [self.argument(item) for item in value]
        if not isinstance(value, str):
            return value
        if value == "@job":
            return self.job
        if value == "@JOB":
            return self.job.upper()
        if value.lower() == "@prefix0":
            return self.jobs[0][:8] if value.islower() else self.jobs[0][:6].upper()
        if value == "@cb":
            return self.callback
        if value == "@dest":
            return str(self.folder / "dest")
        if value.startswith("@folder/"):
            return self.path(value.removeprefix("@folder/"))
        if value.startswith("@path/"):
            return Path(self.path(value.removeprefix("@path/")))
        return value

    def callback(self, session: Any, job_id: str, meta: dict[str, Any], *_: Any, **__: Any) -> Any:
        """The callback of a recording: a list of what it answers, the last one for ever."""
        answers = self.observation["cb"]
        answer = answers[min(self.polls, len(answers) - 1)]
        self.polls += 1
        if answer == "!finish":
            meta["status"] = "FINISHED:X"
        elif answer == "!pop":
            del meta["status"]
        elif answer == "!close":
            session.close()
        elif isinstance(answer, str) and answer.startswith("!"):
            raise {"!ValueError": ValueError, "!KeyError": KeyError, "!RuntimeError": RuntimeError}[answer]("k")
        else:
            return answer
        return True

    def call(self) -> dict[str, Any]:
        """Make the observed call."""
        args = [self.argument(value) for value in self.observation["args"]]
        kwargs = {key: self.argument(value) for key, value in self.observation.get("kwargs", {}).items()}
        try:
            result = self.calls(self.observation["do"])(*args, **kwargs)
        except Exception as problem:  # noqa: BLE001  (whatever comes is what is compared)
            return self.raised(problem)
        return self.returned(result)

    def calls(self, name: str) -> Callable[..., Any]:
        """What an observation calls: a method of the session, or one of the functions that open one."""
        if name in ("new_secure_session", "new_insecure_session"):
            return self.open
        method: Callable[..., Any] = getattr(self.session, name)
        return method

    def open(self, *args: Any, timeout: Any = 10.0, **_: Any) -> Any:
        """Open a session, as ``new_secure_session`` does once it has read its startup kit."""
        user = "stranger" if "stranger" in self.observation.get("given", ()) else self.user
        kit = write_kit(
            tempfile.mkdtemp(dir=self.folder),
            release_of(self.release),
            upload_dir=str(self.transfer),
            download_dir=str(self.transfer),
        )
        session = session_class_on(self.server)(username=user, startup_path=kit)
        session.try_connect(timeout)
        return session

    def raised(self, problem: BaseException) -> dict[str, Any]:
        """What an exception shows."""
        kind = type(problem)
        facts = {"raised": kind.__name__}
        if "says" in self.observation:
            facts["says"] = self.text(str(problem))
        return facts

    def returned(self, result: Any) -> dict[str, Any]:
        """What a value shows, as far as the observation tells."""
        taken = TAKES[self.observation["take"]](result, self) if "take" in self.observation else result
        facts: dict[str, Any] = {"returned": type(taken).__name__}
        if "value" not in self.observation:
            return facts
        if facts["returned"] == "MonitorReturnCode":
            facts["value"] = result.name
        elif facts["returned"] == "SystemInfo":
            clients = sorted(client.name for client in result.client_info)
            facts["value"] = {"status": result.server_info.status, "clients": clients}
        else:
            facts["value"] = self.normal(taken)
        return facts

    def normal(self, value: Any, key: str = "") -> Any:
        """A value without what differs from run to run: times, ids and folders."""
        if isinstance(value, dict):
            return {name: self.normal(item, name) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            items = [self.normal(item) for item in value]
            # Clients come in the order they registered in, which differed from one start of a system to the next.
            return sorted(items, key=_sorted_as) if key == "job_deploy_detail" or _are_clients(items) else items
        if isinstance(value, float) and value > 1e9:
            return "@time"
        return self.text(value) if isinstance(value, str) else value

    def text(self, value: str) -> str:
        """A text without what differs from run to run."""
        if re.fullmatch(r"(\d+ days?, )?\d+:\d\d:\d\d(\.\d+)?", value):
            return "@duration"
        if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", value):
            return "@local"
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
            return "@utc"
        value = re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:", "@time:", value)
        if value.startswith("invalid job definition:"):
            return "invalid job definition:"
        value = value.split("\nusage")[0]
        value = value.replace(f"{self.transfer}/", "@transfer/").replace(f"{self.folder / 'jobs'}/", "@folder/")
        value = value.replace(str(self.folder / "dest"), "@dest")
        return _UUID.sub(lambda found: found[0] if found[0].lower() in _KEPT_IDS else "@id", value)


def _sorted_as(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, sort_keys=True)


def _are_clients(items: list[Any]) -> bool:
    return all((isinstance(item, dict) and "client_name" in item) or str(item).startswith("site-") for item in items)


def _shape(value: Any) -> Any:
    return {key: type(item).__name__ for key, item in value.items()}


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
    "files": lambda result, _: sorted(
        path.relative_to(result).as_posix() for path in Path(result).rglob("*") if path.is_file()
    ),
    "same": lambda result, scene: result == scene.job,
    "fields": lambda result, _: {
        "status": result.server_info.status,
        "clients": sorted(client.name for client in result.client_info),
        "jobs": [job.app_name for job in result.job_info],
    },
}
"""What of a result was recorded -> how it is taken."""


def _behavior(run: Run) -> JobBehavior:
    return FOLDERS[run.definition.folder_name].behavior

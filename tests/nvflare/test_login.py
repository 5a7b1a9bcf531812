"""Recorded logins of real clients, tried again: NVFLARE's own session on a simulated server like the one it met.

An observation says what the client and the server had done, what was called then, how it turned out and how many
seconds it took.  All of it has to turn out the same here, to the letter; the seconds of a real machine are those of
the clock here, and some more.
"""

from __future__ import annotations

import json
from ast import literal_eval
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import SimulatedServer, User
from flare_sim.nvflare import installed_release, session_class_on, write_kit
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Observation = dict[str, Any]
LOGINS = Path(__file__).parent / "logins"
PERSONALITIES = {"2.3.12": "nvflare-2.3", "2.9.0": "nvflare-2.9"}
USERS = {"2.3.12": User("admin", "global", "super"), "2.9.0": User("admin@nvidia.com", "nvidia", "project_admin")}
RELEASE = version("nvflare")
"""One of those logins were recorded of: the conftest leaves this module out for the others."""

SPARE_SECONDS = 0.75
SPARE_SHARE = 0.15
"""A real call takes that much longer than the waiting in it: its own work, on a machine that had other work to do."""

_SLOW_LOGIN = "there a login took longer than the tenth of a second until the session looks again"
DIFFERENT: dict[str, dict[str, str]] = {
    "2.3.12": {
        "new 0.3 []": _SLOW_LOGIN,
        "new 0.5 []": _SLOW_LOGIN,
        "new 4.0 ['no server in 0.45']": _SLOW_LOGIN,
        "new 4.0 ['no server in 0.7']": _SLOW_LOGIN,
        "new 6.0 ['no server', 'server in 1.0', 'no server in 1.6']": _SLOW_LOGIN,
    },
    "2.9.0": {
        "new 5.0 ['no server', 'server in 0.2']": "there the connection was begun later than 0.2 s after the call",
        "new 10.0 ['no server', 'server in 3.7']": "there a failing connection took its time, and the third came late",
    },
}
"""Release -> what turned out differently, as the machine was slow -> why."""


def observations() -> list[Observation]:
    """What was recorded of the installed release."""
    recording = json.loads((LOGINS / f"{RELEASE}.json").read_text(encoding="utf-8"))
    listed: list[Observation] = recording["observations"]
    return listed


def named(observation: Observation) -> str:
    """What an observation goes by in the table of differences."""
    return " ".join([observation["do"], *map(str, observation["args"]), str(observation["given"])])


class Scene:
    """A simulated server and a client, as an observation found them."""

    def __init__(self, folder: Path) -> None:
        self.server = SimulatedServer(personality=PERSONALITIES[RELEASE], users=[USERS[RELEASE]])
        transfer = str(folder / "transfer")
        self.kit = write_kit(str(folder / "kit"), installed_release(), upload_dir=transfer, download_dir=transfer)
        self.user = USERS[RELEASE].name
        self.study: dict[str, str] = {}
        self.job = write_job(folder / "small")
        self.session: Any = None

    def take(self, step: str) -> None:
        """Take one step of those before the call."""
        if step.startswith("made "):
            self.take(step.removeprefix("made "))
            step = "made"
        verb, _, rest = step.partition(" ")
        if verb in ("no", "server") and rest.startswith(("server", "in")):
            after = float(rest.rpartition(" ")[2]) if " in " in f" {rest}" else None
            (self.server.faults.partition if verb == "no" else self.server.faults.repair)(after=after)
            return
        steps: dict[str, Callable[[], object]] = {
            "made": lambda: setattr(self, "session", self.made()),
            "new": lambda: setattr(self, "session", self.new(10.0)),
            "try": lambda: self.outcome("try_connect", [float("nan") if rest == "nan" else literal_eval(rest)]),
            "wait": lambda: self.server.advance(float(rest)),
            "close": lambda: self.outcome("close", []),
            "user": lambda: setattr(self, "user", rest),
            "study": lambda: self.study.update(study=rest),
            "kill": self.server.faults.crash,
            "restart": lambda: self.server.faults.restart(after=float(rest.removeprefix("in ")) if rest else None),
            "server": self.server.faults.repair,
        }
        steps[verb]()

    def made(self) -> Any:
        """A session that has not connected yet."""
        return session_class_on(self.server)(
            username=self.user, startup_path=self.kit, secure_mode=RELEASE != "2.3.12", **self.study
        )

    def new(self, timeout: Any) -> Any:
        """A session as NVFLARE's functions open it."""
        session = self.made()
        try:
            session.try_connect(timeout)
        except Exception:
            session.close()
            raise
        return session

    def outcome(self, do: str, args: list[Any], **kwargs: Any) -> dict[str, Any]:
        """How a call turns out."""
        begun = self.server.clock.time()
        try:
            result = (self.new if do == "new" else getattr(self.session, do))(*args, **kwargs)
        except Exception as problem:  # noqa: BLE001  (whatever comes is what is compared)
            facts = {"raised": type(problem).__name__, "says": str(problem)}
        else:
            facts = {"returned": type(result).__name__}
        return {**facts, "seconds": self.server.clock.time() - begun}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A fresh server, and nobody logged in."""
    found = Scene(tmp_path)
    with found.server:
        yield found


def turns_out_alike(found: dict[str, Any], seen: Observation) -> bool:
    """Whether a call turned out as it was seen to, and took as long, as far as a real machine can tell."""
    lost = "Failed to communicate with Admin Server"
    says = seen.get("says", "")
    alike = found["says"].startswith(says) if lost in says else found.get("says", "") == says
    alike = alike and all(found.get(key) == seen.get(key) for key in ("raised", "returned"))
    spare = SPARE_SECONDS + SPARE_SHARE * seen["seconds"]
    return alike and 0 <= seen["seconds"] - found["seconds"] + 0.01 <= spare


@pytest.mark.parametrize("seen", [pytest.param(item, id=f"{item['n']}-{item['do']}") for item in observations()])
def test_a_recorded_call_turns_out_as_recorded(seen: Observation, scene: Scene) -> None:
    """What is raised, what it says, and how long it takes; what is listed as different has to be."""
    for step in seen["given"]:
        scene.take(step)
    args = [scene.job if value == "@job" else value for value in seen["args"]]

    found = scene.outcome(seen["do"], args, **seen.get("kwargs", {}))

    assert turns_out_alike(found, seen) is not (named(seen) in DIFFERENT[RELEASE]), (found, seen)


def test_nothing_is_listed_that_was_not_recorded() -> None:
    """The table of differences is of what was recorded."""
    assert set(DIFFERENT[RELEASE]) <= {named(item) for item in observations()}

"""Whatever is handed to whichever method: what it may raise, no code of the caller's, and nothing has changed."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import (
    ClockPool,
    Command,
    JobBehavior,
    NthCall,
    RandomStream,
    Reply,
    Run,
    ScaledClock,
    Scenario,
    ServerConfig,
    SimulatedServer,
    SystemClock,
    Trace,
    VirtualClock,
)
from flare_sim.personality.job_rules import CONTRACT
from tests.flare_sim.doors.allowed_errors import ALLOWED, CLASSES, INSIDE, public_names
from tests.flare_sim.hostile_values import HOSTILE, RAN
from tests.flare_sim.job_samples import definition, job_files, new_job, write_job

if TYPE_CHECKING:
    pass

DEFINITION = definition()
LONGEST = 5000
"""No message, and no representation, has more letters."""
ITS_OWN_TO_RUN = ("server", "clock", "sleep", "act", "effect", "cb", "behavior", "fn")
"""Arguments that are code of the caller's, and asked for as such."""


def test_nothing_public_is_without_a_row() -> None:
    """A new method or class is added to the table, and one that is gone is taken out."""
    assert set(public_names()) == {*ALLOWED, *INSIDE}


_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)


async def nothing() -> None:
    """A coroutine."""


class World:
    """A server with two jobs, a session, and whatever else has methods."""

    def __init__(self, folder: Path, progress: str = "time") -> None:
        self.server = SimulatedServer(progress=progress)
        self.session = self.server.connect()
        self.job_ids = [self.session.submit_definition(DEFINITION) for _ in range(2)]
        self.server.advance(1.5)
        self.login = self.server.login("admin@nvidia.com")
        self.folder = folder
        self.subjects: dict[str, Any] = {
            "SimulatedServer": self.server,
            "Session": self.session,
            "Faults": self.server.faults,
            "NthCall": NthCall(1),
            "Scenario": Scenario(title="an outage", faults=[{"fault": "partition", "at": 60}]),
            "VirtualClock": VirtualClock(),
            "ScaledClock": ScaledClock(0),
            "SystemClock": SystemClock(sleep=lambda _: None),
            "ClockPool": ClockPool(VirtualClock()),
            "JobBehavior": JobBehavior(run_seconds=2),
            "JobDefinition": DEFINITION,
            "Run": Run(new_job(), 0, ["site-1"], 0),
            "RandomStream": RandomStream("x"),
            "ServerConfig": ServerConfig(),
            "Command": Command("list_jobs"),
            "Reply": self.server.request(self.login, Command("list_jobs")),
            "Requests": self.server.requests,
            "Trace": Trace(),
            "TraceRecord": self.server.trace.of("command")[0],
        }
        self.before = self.state()

    def state(self) -> tuple[Any, ...]:
        """All that can be seen of the server."""
        server = self.server
        inside = server._state
        counts = (len(inside.timeline), len(inside.tokens), dict(inside.disabled), dict(inside.lost))
        shown = (repr(server), repr(server.faults))
        return (server.clock.time(), server.jobs, server.users, server.trace.digest(), shown, counts)

    def good(self, parameter: str) -> Any:
        """An argument there is nothing wrong with."""
        return {
            "job_id": self.job_ids[0],
            "job_definition_path": str(self.folder),
            "path": str(self.folder),
            "user": "lead@nvidia.com",
            "role": "member",
            "client": "site-1",
            "site": "site-1",
            "name": "site-1",
            "seconds": 1,
            "sleep": None,
            "poll_interval": 1,
            "timeout": 3,
            "definition": DEFINITION,
            "login": self.login,
            "server": self.server,
            "command": Command("list_jobs"),
            "reply": Reply("SUCCESS"),
            "effect": list,
            "act": list,
            "files": job_files(),
            "folder_name": "job",
            "content": "x",
            "clock": VirtualClock(),
            "main": nothing() if parameter == "main" else None,
            "fn": list,
            "modules": "tests.flare_sim.job_samples",
            "other": JobBehavior(outcome="ABORTED"),
            "mapping": {"outcome": "ABORTED"},
            "rules": CONTRACT,
            "line": "list_jobs -d",  # it is a line of a log as well
            "text": '[1,"state","x"]\n',
            "record": 1,
            "value": 0,
            "metrics": {"loss": 1},
            "low": 0,
            "high": 1,
            "items": [1, 2],
        }.get(parameter)

    def call(self, name: str, arguments: dict[str, Any]) -> object:
        """Call what the name stands for."""
        kind, _, member = name.removesuffix("()").partition(".")
        if not member:
            several = [arguments.pop(one.name) for one in parameters_of(name) if one.kind is one.VAR_POSITIONAL]
            made = CLASSES[kind](**arguments) if not several else CLASSES[kind](arguments.pop("clock"), *several)
            if name == "time_in()":
                with made:
                    return None
            if name == "ClockLoop()":
                made.close()
            return made
        own = inspect.getattr_static(CLASSES[kind], member)
        subject = CLASSES[kind] if isinstance(own, classmethod) else self.subjects[kind]
        if isinstance(own, property):
            return getattr(subject, member)
        positional = [arguments.pop(one.name) for one in parameters_of(name) if one.kind in _BY_PLACE]
        return getattr(subject, member)(*positional, *(("state",) if name == "Trace.add" else ()), **arguments)


def parameters_of(name: str) -> list[inspect.Parameter]:
    """What is handed over there."""
    kind, _, member = name.removesuffix("()").partition(".")
    own = getattr(CLASSES[kind], member) if member else CLASSES[kind]
    if isinstance(own, property):
        return []
    given = [one for one in inspect.signature(own).parameters.values() if one.name not in ("self", "cb_args")]
    return [one for one in given if one.kind is not inspect.Parameter.VAR_KEYWORD]


def hand_over(world: World, name: str, bad: dict[str, Any]) -> bool:
    """Call a method with bad arguments, and hold what comes of it against the table; returns whether it was refused."""
    missing = [one.name for one in parameters_of(name) if one.default is one.empty and one.name not in bad]
    arguments = {parameter: world.good(parameter) for parameter in missing}
    refused = False
    del RAN[:]
    try:
        world.call(name, {**arguments, **bad})
    except Exception as problem:  # noqa: BLE001  (which it is, is what is looked at)
        if any(callable(value) for argument, value in bad.items() if argument in ITS_OWN_TO_RUN):
            return True
        assert isinstance(problem, ALLOWED[name])  # noqa: PT017  (either way is fine, only these are)
        refused = True
        assert str(problem).isprintable()  # noqa: PT017
        assert 0 < len(str(problem)) < LONGEST  # noqa: PT017
        assert world.state() == world.before
    if not bad.keys() & set(ITS_OWN_TO_RUN):
        assert RAN == []
    assert len(repr(world.subjects.get(name.partition(".")[0]))) < LONGEST
    return refused


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A job folder."""
    return Path(write_job(tmp_path_factory.mktemp("jobs") / "small"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken for the path of a file is none of the project's."""
    monkeypatch.chdir(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("name", ALLOWED)
def test_one_bad_argument(name: str, folder: Path) -> None:
    """Each of the values in the place of each argument, the others being good."""
    progress = "manual" if name == "SimulatedServer.step" else "time"
    world = World(folder, progress)
    for parameter in parameters_of(name):
        for what, make in HOSTILE.items():
            try:
                refused = hand_over(world, name, {parameter.name: make()})
            except BaseException as problem:
                problem.args = (f"{name}({parameter.name}: {what}): {problem}",)
                raise
            if not refused and name.startswith(("SimulatedServer.", "Session.", "Faults.")):
                world = World(folder, progress)
    hand_over(world, name, {})


@settings(max_examples=100)
@given(st.data())
def test_all_arguments_bad(folder: Path, data: st.DataObject) -> None:
    """Several of the values at once, optional arguments among them."""
    name = data.draw(st.sampled_from([name for name in ALLOWED if len(parameters_of(name)) > 1]))
    values = st.sampled_from(sorted(HOSTILE))
    bad = data.draw(st.fixed_dictionaries({}, optional={one.name: values for one in parameters_of(name)}))

    hand_over(World(folder), name, {parameter: HOSTILE[what]() for parameter, what in bad.items()})

"""What is in a collection or a record that is handed over is looked at as well: refused by name, or made plain."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import (
    Client,
    InvalidJobDefinition,
    JobBehavior,
    JobDefinition,
    ServerConfig,
    SimulatedServer,
    User,
)
from flare_sim.jobs.limits import JobLimits
from tests.flare_sim.hostile_values import (
    HOSTILE,
    RAN,
    Lying,
    LyingBytes,
    LyingDict,
    LyingFloat,
    LyingInt,
    LyingKey,
    LyingList,
)
from tests.flare_sim.job_samples import definition, job_files

if TYPE_CHECKING:
    from collections.abc import Callable

    Made = Callable[[Any], object]


def _keyed(value: Any) -> dict[Any, Any]:
    """A dict with the value as its key, where it can be one; that a dict asks for its hash is no fault of ours."""
    try:
        return {value: 1}
    except (TypeError, AssertionError):
        return {"a": value}
    finally:
        del RAN[:]


SETTINGS = ("project", "tick_seconds", "heartbeat_timeout", "max_jobs", "max_job_bytes")
INSIDE: dict[str, Made] = {
    "a client": lambda value: SimulatedServer(clients=[value]),
    "the name of a client": lambda value: SimulatedServer(clients=[Client(value)]),
    "resources": lambda value: SimulatedServer(clients=[Client("a", value)]),
    "an amount": lambda value: SimulatedServer(clients=[Client("a", {"num_of_gpus": value})]),
    "what there is an amount of": lambda value: SimulatedServer(clients=[Client("a", _keyed(value))]),
    "a user": lambda value: SimulatedServer(users=[value]),
    "a part of a user": lambda value: [
        SimulatedServer(users=[User(**{"name": "ann", field: value})]) for field in User._fields
    ],
    "a setting": lambda value: [SimulatedServer(config=ServerConfig(**{field: value})) for field in SETTINGS],
    "a quirk": lambda value: SimulatedServer(quirks=[value]),
    "a behavior by name": lambda value: SimulatedServer(behavior={"*": value}),
    "a name of a behavior": lambda value: SimulatedServer(behavior={LyingKey("*"): JobBehavior(), **_keyed(value)}),
    "a site": lambda value: JobBehavior(deploy_failures=[value]),
    "a result": lambda value: JobBehavior(result_files={"a": value}),
    "the path of a result": lambda value: JobBehavior(result_files=_keyed(value)),
    "a metric": lambda value: JobBehavior(metrics={"*": {"loss": [value]}}),
    "the name of a metric": lambda value: JobBehavior(metrics={"*": _keyed(value)}),
    "the metrics of a site": lambda value: JobBehavior(metrics={"*": value}),
    "a file of each round": lambda value: JobBehavior(round_files={"a": value}),
    "the path of a file of each round": lambda value: JobBehavior(round_files=_keyed(value)),
    "a part of a file with a time": lambda value: [
        JobBehavior(timed_files=[parts]) for parts in ((value, "a", "b"), (1, value, "b"), (1, "a", value), value)
    ],
    "a part of a line of a log": lambda value: [JobBehavior(log_lines=[parts]) for parts in ((value, "a"), (1, value))],
    "a key of a behavior": lambda value: JobBehavior.from_mapping(_keyed(value)),
    "a file": lambda value: JobDefinition.from_files({**job_files(), "app/more": value}),
    "the path of a file": lambda value: JobDefinition.from_files({**job_files(), **_keyed(value)}),
    "a limit": lambda value: JobDefinition.load("/", limits=JobLimits(value)),
}


@pytest.mark.parametrize("where", INSIDE)
def test_what_is_inside_is_looked_at(where: str) -> None:
    """It is refused by the exception of the place, in a line, or taken; no code of it runs."""
    for what, make in HOSTILE.items():
        value = make()
        del RAN[:]
        message = said_of(INSIDE[where], value)
        assert (what, RAN, message.isprintable(), len(message) < 5000) == (what, [], True, True)


def said_of(made: Made, value: Any) -> str:
    """What is said against something that is made with a value; nothing, if it can be made."""
    try:
        made(value)
    except (ValueError, InvalidJobDefinition) as problem:
        return str(problem)
    return ""


def test_values_that_lie_are_made_plain() -> None:
    """What is of somebody's own kind of text, numbers, bytes, lists and dicts is read as what it is."""
    del RAN[:]
    server = SimulatedServer(
        seed=LyingInt(7),
        clients=LyingList([Lying("a"), Client(Lying("b"), LyingDict({LyingKey("gpu"): LyingFloat(2.5)}))]),
        users=LyingList([User(Lying("ann"), Lying("x"), Lying("super"))]),
        config=ServerConfig(project=Lying("mine"), max_jobs=LyingInt(3), run_seconds=LyingFloat(9.5)),
        behavior=LyingDict({LyingKey("*"): JobBehavior(deploy_failures=LyingList([Lying("b")]))}),
        progress=Lying("time"),
        personality=Lying("nvflare-2.9"),
        quirks=LyingList([Lying("abort-lingers")]),
    )
    session = server.connect(Lying("ann"))
    job = JobDefinition.from_files(LyingDict({LyingKey(path): Lying(text) for path, text in job_files().items()}))
    again = JobDefinition.from_files({path: LyingBytes(text.encode()) for path, text in job_files().items()})
    job_id = session.submit_definition(job)
    server.advance(LyingFloat(2.5))
    left = JobBehavior(result_files=LyingDict({LyingKey("a"): LyingBytes(b"x")}), run_seconds=LyingInt(2))

    assert RAN == []
    assert (server.seed, server.config.project, server.config.run_seconds, server.progress) == (7, "mine", 9.5, "time")
    assert server.users == (User("ann", "x", "super"),)
    assert session.monitor_job(Lying(job_id), LyingInt(100), LyingFloat(1.5)).name == "JOB_FINISHED"
    assert job.files == again.files == definition().files
    assert left == JobBehavior(result_files={"a": b"x"}, run_seconds=2)
    plain = {str, int, float, bytes, tuple, type(None), User, ServerConfig}
    told = [*server.config, *server.users[0], *(part for file in job.files for part in file), *left]
    assert {type(part) for part in told} <= plain


def test_a_mapping_of_another_kind_will_do() -> None:
    """Where a mapping is taken, one that only lets itself be read is taken too, and one that raises is refused."""
    from collections import ChainMap, UserDict

    class Broken(UserDict[str, str]):
        def __iter__(self) -> Any:
            raise LookupError("mine")

    files = job_files()
    for mapping in (MappingProxyType(files), UserDict(files), ChainMap({}, files)):
        assert JobDefinition.from_files(mapping).files == definition().files
    with pytest.raises(InvalidJobDefinition, match="must be a dict"):
        JobDefinition.from_files(Broken(files))


@pytest.mark.parametrize(
    ("resources", "match"),
    [
        ({"gpu": 10**400}, "cannot have a value of type int of 'gpu'"),
        ({"gpu": float("inf")}, "cannot have inf"),
        ({"gpu": float("nan")}, "cannot have nan"),
        ({"gpu": -1}, "cannot have -1"),
        ({"gpu": "2"}, "cannot have '2'"),
        ({"gpu": True}, "cannot have True"),
        ({"num_of_gpus": 10**9}, "from 0 to 10000"),
        ({"": 1}, "cannot have 1 of ''"),
        ([("gpu", 1)], "amounts by name"),
    ],
)
def test_resources_are_amounts(resources: Any, match: str) -> None:
    """What a client has is checked when it is made, and again where it comes; the message names the client."""
    server = SimulatedServer()
    before = server.trace.digest()
    unchecked = Client._make(("a", resources))
    for refuse in (
        lambda: Client("a", resources),
        lambda: SimulatedServer(clients=[unchecked]),
        lambda: server.add_client(unchecked),
    ):
        with pytest.raises(ValueError, match="client 'a'") as caught:
            refuse()
        assert match in str(caught.value)

    assert server.trace.digest() == before

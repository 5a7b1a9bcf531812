"""Ten thousand bad inputs for every method: only the interface's exceptions come out, and nothing has changed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InvalidArgumentError, InvalidJobDefinition, JobNotFound, SimulatedServer
from tests.flare_sim.hostile_values import Lying, LyingFloat, LyingInt, Nothing
from tests.flare_sim.job_samples import definition, write_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Session

EACH = 10_000


class Raising:
    """An object whose every special method raises."""

    def __repr__(self) -> str:
        raise RuntimeError("hostile")

    __str__ = __format__ = __bytes__ = __fspath__ = __repr__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("hostile")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__

    def __hash__(self) -> int:
        raise RuntimeError("hostile")

    __len__ = __int__ = __index__ = __float__ = __bool__ = __hash__

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("hostile")


class Hasty(str):
    """Text that claims to be an id of its choice wherever it may."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("")

    def __eq__(self, other: object) -> bool:
        return True

    def lower(self) -> Any:
        """Not text."""
        return self

    def encode(self, *_: Any) -> bytes:
        """Nothing of the kind."""
        raise RuntimeError("hostile")


ODD: list[Callable[[random.Random], Any]] = [
    lambda _: None,
    lambda _: True,
    lambda _: Raising(),
    lambda _: Nothing(),
    lambda rng: Lying(_text(rng)),
    lambda rng: Hasty(_text(rng)),
    lambda rng: LyingInt(rng.randrange(-5, 5)),
    lambda rng: LyingFloat(rng.uniform(-5, 5)),
    lambda rng: rng.randrange(-(10**30), 10**30),
    lambda rng: rng.choice([0, -1, 1.5, float("nan"), float("inf"), -float("inf"), 1j]),
    lambda rng: _text(rng).encode("utf-8", "surrogatepass"),
    lambda rng: [_text(rng)],
    lambda rng: {_text(rng): Raising()},
    lambda rng: (_text(rng), Raising()),
    lambda rng: Path(_text(rng).replace("\0", "")),
    lambda _: object,
    lambda _: lambda: None,
    lambda rng: bytearray(rng.randbytes(9)),
    lambda _: type("Meta", (type,), {"__name__": property(lambda _: 1 / 0)})("Odd", (), {})(),
]
ALPHABET = "abcdef0123456789-/\\\"' .\n\t\0é\ud800\U0001f600@;:*?~$(){}"


def _text(rng: random.Random) -> str:
    length = rng.choice([0, 1, 2, 8, 36, 36, 300])
    return "".join(rng.choice(ALPHABET) for _ in range(length)) if rng.random() < 0.99 else "x" * 10_000


def _anything(rng: random.Random) -> Any:
    return _text(rng) if rng.random() < 0.6 else rng.choice(ODD)(rng)


@pytest.fixture
def busy() -> tuple[SimulatedServer, Session]:
    """A server with a few jobs, and a session with it."""
    server = SimulatedServer()
    session = server.connect()
    for _ in range(3):
        session.submit_definition(definition())
    server.advance(1.5)
    return server, session


@pytest.mark.parametrize(
    "method",
    ["clone_job", "get_job_meta", "download_job_result", "abort_job", "delete_job", "monitor_job"],
)
def test_a_bad_id_is_not_found(busy: tuple[SimulatedServer, Session], method: str) -> None:
    """Whatever is given for an id, it is JobNotFound, and the server is as it was."""
    server, session = busy
    rng = random.Random(method)
    call = getattr(session, method)
    before = (server.trace.digest(), server.clock.time())
    for _ in range(EACH):
        value = _anything(rng)
        with pytest.raises(JobNotFound):
            call(value)

    assert (server.trace.digest(), server.clock.time()) == before


def test_a_bad_definition_is_invalid(busy: tuple[SimulatedServer, Session]) -> None:
    """Whatever is given for a job's path, it is InvalidJobDefinition, and the server is as it was."""
    server, session = busy
    rng = random.Random("submit_job")
    before = server.trace.digest()
    for _ in range(EACH):
        value = _anything(rng)
        with pytest.raises(InvalidJobDefinition):
            session.submit_job(value)

    assert server.trace.digest() == before


def test_a_bad_flag_is_an_invalid_argument(busy: tuple[SimulatedServer, Session]) -> None:
    """Whatever is given for a list's flags, it is InvalidArgumentError unless both are bools."""
    server, session = busy
    rng = random.Random("list_jobs")
    before = server.trace.digest()
    for _ in range(EACH):
        flags = {"detailed": _anything(rng), "all": _anything(rng)}
        if all(type(value) is bool for value in flags.values()):
            assert len(session.list_jobs(**flags)) == 3
            continue
        with pytest.raises(InvalidArgumentError):
            session.list_jobs(**flags)

    assert server.trace.digest() == before


def test_bad_monitor_arguments_are_invalid(busy: tuple[SimulatedServer, Session]) -> None:
    """Whatever is given for timeout, interval and callback: refused, or a monitor that ends."""
    server, session = busy
    rng = random.Random("monitor_job")
    job_id = server.jobs[0].job_id
    session.abort_job(job_id)
    server.run_until_idle()
    before = server.trace.digest()
    for _ in range(EACH):
        bad = {rng.choice(["timeout", "poll_interval"]): _anything(rng)}
        if rng.random() < 0.3:
            bad["cb"] = _text(rng)
        try:
            session.monitor_job(job_id, **bad)
        except InvalidArgumentError as problem:
            assert str(problem).isprintable()  # noqa: PT017  (either way is fine, only these two are)

    assert server.trace.digest() == before


def test_bad_metas_are_invalid(tmp_path: Path) -> None:
    """Job folders whose meta.json is random bytes, or good JSON with bytes changed: accepted or invalid."""
    server = SimulatedServer()
    session = server.connect()
    folder = Path(write_job(tmp_path / "small", mandatory_clients=["site-1"]))
    good = (folder / "meta.json").read_bytes()
    rng = random.Random("meta")
    refused = 0
    for _ in range(3000):
        content = bytearray(good)
        for _ in range(rng.randrange(1, 4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        (folder / "meta.json").write_bytes(content if rng.random() < 0.9 else rng.randbytes(40))
        try:
            session.submit_job(str(folder))
        except InvalidJobDefinition as problem:
            refused += 1
            assert str(problem).isprintable()  # noqa: PT017  (either way is fine, only these two are)

    assert len(server.jobs) == 3000 - refused
    assert refused > 1000


def test_connecting_as_anything_is_refused() -> None:
    """Whatever is given for a user, nobody unknown gets in."""
    from flare_sim import AuthenticationError

    server = SimulatedServer()
    rng = random.Random("connect")
    for _ in range(EACH):
        value = _anything(rng)
        with pytest.raises(AuthenticationError):
            server.connect(value)

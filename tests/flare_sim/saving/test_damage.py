"""A file that is not what it was is one clear error, and runs nothing of what is in it."""

from __future__ import annotations

import json
import re
import tracemalloc
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import JobBehavior, Run, ServerConfig, SimulatedServer, spec
from flare_sim.saving.records import MAGIC, BadState, Checksum, RecordReader
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def small_state(folder: Path) -> bytes:
    """What a file holds of a server with a job that runs, a fault that waits and a remark."""
    behavior = JobBehavior(run_seconds=50, result_files={"model": "1"})
    server = SimulatedServer(clients=["a"], users=["u"], behavior=behavior, config=ServerConfig(max_jobs=1))
    for _ in range(2):
        server.submit(definition(min_clients=1), "u")
    server.faults.drop("a", after=60)
    server.examine("no/such/job")
    server.advance(5)
    server.save(folder / "state")
    return (folder / "state").read_bytes()


def state_in_rounds(folder: Path) -> bytes:
    """What a file holds of a server with a job in its third round, of which a function has said something."""

    def behave(run: Run) -> JobBehavior:
        run.log("asked")
        run.write("a", "b", at=run.elapsed + 1)
        if run.round is not None:
            run.report("server", {"loss": 1})
        return JobBehavior(
            rounds=4,
            every=1,
            metrics={"a": {"loss": [1, 2]}},
            round_files={"{site}": "{round}"},
            timed_files=[(1, "c", "d")],
            log_lines=[(1, "e")],
        )

    server = SimulatedServer(clients=["a", "b"], users=["u"], behavior=behave)
    server.submit(definition(min_clients=1), "u")
    server.faults.drop("b", after=2)
    server.advance(4)
    server._runner.behave(None)
    server.save(folder / "state")
    return (folder / "state").read_bytes()


@pytest.fixture(scope="module")
def in_rounds(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with a run that lives in time."""
    return state_in_rounds(tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of a few kilobytes."""
    return small_state(tmp_path_factory.mktemp("state"))


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[bytes], str]:
    """Why a file that holds this is refused; the file is not named in what is returned."""
    path = tmp_path / "state"

    def refuse(content: bytes) -> str:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=re.escape(str(path))) as caught:
            SimulatedServer.restore(path)
        return str(caught.value).replace(f"'{path}' ", "")

    return refuse


def signed(payloads: list[bytes]) -> bytes:
    """A file of records, as somebody would make it who means harm."""
    checksum = Checksum()
    return MAGIC + b"".join(map(checksum.record, payloads))


def test_a_byte_that_is_another_is_noticed(state: bytes, refused: Callable[[bytes], str]) -> None:
    """Wherever it is; and never is it taken for a file that breaks off, or that is of another release."""
    for at in range(len(state)):
        changed = state[:at] + bytes([state[at] ^ 1 << at % 8]) + state[at + 1 :]
        with pytest.raises(BadState, match="is damaged: the checksum" if at >= len(MAGIC) else "is not the state"):
            list(RecordReader(BytesIO(changed), len(changed)))
        if at % 37 == 0:
            assert refused(changed).startswith("is damaged" if at else "is not the state of a server")


def test_a_file_that_is_truncated_is_noticed(state: bytes, refused: Callable[[bytes], str]) -> None:
    """At whatever length, between two records as well as in one, where its reader notices that."""
    assert refused(b"").startswith("is not the state of a server")
    for end in boundaries(state):
        assert refused(state[:end]).startswith("is truncated")
    for length in range(len(MAGIC), len(state)):
        reader = RecordReader(BytesIO(state[:length]), length)
        list(reader)
        assert reader.torn == (length not in boundaries(state))
        if length % 37 == 0:
            assert refused(state[:length]).startswith("is truncated")


def test_what_stands_behind_the_end_is_noticed(state: bytes, refused: Callable[[bytes], str]) -> None:
    """A saved state ends where it ends: no call follows, no record, and no half of one."""
    payloads = payloads_of(state)

    assert refused(state + b"0").startswith("goes on behind its end")
    assert refused(signed([*payloads, b'["time",0,0]'])).startswith("goes on behind its end")
    assert refused(signed([*payloads[:-1], *payloads[2:]])).startswith("holds a record 'server' where there should be")


def test_a_file_of_a_newer_release_says_so(state: bytes, refused: Callable[[bytes], str]) -> None:
    """It names that release; a format that nobody knows is told as well."""
    payloads = payloads_of(state)

    def with_head(**facts: Any) -> bytes:
        return signed([json.dumps(["flare-sim", facts]).encode(), *payloads[1:]])

    assert refused(with_head(format=2, release="3.0", log=False)) == (
        "was written by a newer release, flare-sim '3.0': its format is 2, and flare-sim 0.1.0 reads formats up to 1"
    )
    for facts in ({}, {"format": "1"}, {"format": 0}, {"format": 1}, {"format": True, "log": False}):
        assert refused(with_head(**facts)).startswith("has a format that is not known")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b'["unknown"]',
        b'["server"',
        b'["server",' + b"[" * 100_000 + b"]" * 100_000 + b"]",
        b'["server",' + b"9" * 5000 + b"]",
        b'["trace",[0,"x",1.5]]',
        b'["job",{}]',
        b'["state",{},{}]',
        b"\xff\xfe",
    ],
    ids=lambda payload: repr(payload[:20]),
)
def test_a_record_that_is_none_is_refused(state: bytes, refused: Callable[[bytes], str], payload: bytes) -> None:
    """Whatever is in it, though its checksum is right."""
    payloads = payloads_of(state)

    assert re.match("holds |has a format", refused(signed([*payloads[:-1], payload, payloads[-1]])))


@pytest.mark.parametrize("action", ["deployed", "start", "stopped"])
def test_what_is_planned_fits_the_job(state: bytes, refused: Callable[[bytes], str], action: str) -> None:
    """A job that runs can come to its end, and nothing else of a job's life may wait for it."""
    payloads = [payload.replace(b',"end",0]', f',"{action}",0]'.encode()) for payload in payloads_of(state)]

    assert refused(signed(payloads)) == f"holds wrong data: event 0 ({action}) is for a job that is RUNNING"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b',"round",0]', b',"end",0]', ""),
        (b'"rounds":4', b'"rounds":1', "job 0 has rounds that were never run"),
        (b'"rounds":4', b'"rounds":0', "job 0.program[0]: rounds must be a whole number from 1 to 10000, not 0"),
        (b'"program":', b'"programs":', "job 0 has 'programs', which is not known"),
        (b'"program":[', b'"program":null,"x":[', "job 0 has 'x', which is not known"),
        (b'[1000000,"a",', b'[1000000,"../a",', "job 0.run_history[4][0][0][1]: '../a' is not a plain relative path"),
    ],
)
def test_what_a_run_writes_fits_how_far_it_is(
    in_rounds: bytes, refused: Callable[[bytes], str], tmp_path: Path, before: bytes, after: bytes, why: str
) -> None:
    """No more rounds are over than there are; that a run ends before the next one is no harm."""
    assert sum(payload.count(before) for payload in payloads_of(in_rounds)) >= 1
    changed = signed([payload.replace(before, after) for payload in payloads_of(in_rounds)])
    if why:
        assert refused(changed) == f"holds wrong data: {why}"
    else:
        (tmp_path / "changed").write_bytes(changed)
        assert SimulatedServer.restore(tmp_path / "changed").run_until_idle() == ()


def test_a_program_and_a_history_go_together(in_rounds: bytes, refused: Callable[[bytes], str]) -> None:
    """A run that writes as time passes has both."""
    for name in ("program", "run_history"):
        payloads = payloads_of(in_rounds)
        for number, payload in enumerate(payloads):
            if payload.startswith(b'["job"'):
                kind, row = json.loads(payload)
                payloads[number] = json.dumps([kind, {key: row[key] for key in row if key != name}]).encode()

        assert refused(signed(payloads)) == "holds wrong data: job 0 has a program or a history alone"


@pytest.mark.parametrize("jobs", [1 << 41, 10**300])
def test_no_server_has_had_so_many_jobs(state: bytes, refused: Callable[[bytes], str], jobs: int) -> None:
    """As many as nobody could submit; the next one would have no number."""
    payloads = [payload.replace(b'"submitted":2,', b'"submitted":%d,' % jobs) for payload in payloads_of(state)]

    assert refused(signed(payloads)).startswith("holds wrong data: no server has had ")


def test_a_file_is_no_bomb(state: bytes, refused: Callable[[bytes], str]) -> None:
    """What a record claims to have, and what would take much memory once parsed, is seen before it is read."""
    payloads = payloads_of(state)
    many = b'["trace"' + b",[]" * 2_000_000 + b"]"
    length, checksum = b"%012x" % (1 << 44), b"0" * 24
    claim = length + b" " + checksum + b" " + blake2b(length + checksum, digest_size=4).hexdigest().encode() + b" "
    tracemalloc.start()
    try:
        assert "it is too large" in refused(signed([*payloads[:-1], many, payloads[-1]]))
        assert refused(signed(payloads[:-1]) + claim).startswith("is truncated")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 16 * len(many)


PLACES = st.integers(0, 10**6)
VALUES: st.SearchStrategy[object] = st.sampled_from(
    [None, True, -1, 0, 7, 2**63, 10**300, 0.5, "", "server", [], {}, [[]], {"": 1}, "DEPLOYING"]
)


@settings(max_examples=120)
@given(changes=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=2), of_rounds=st.booleans())
def test_wrong_data_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory,
    state: bytes,
    in_rounds: bytes,
    changes: list[tuple[int, object]],
    of_rounds: bool,
) -> None:
    """Any value in the place of any other: a clear error, or a server that raises nothing of its own."""
    folder = tmp_path_factory.getbasetemp()
    payloads = payloads_of(in_rounds if of_rounds else state)
    for place, value in changes:
        payloads = with_other_value(payloads, place, value)
    (folder / "changed").write_bytes(signed(payloads))
    try:
        server = SimulatedServer.restore(folder / "changed")
    except ValueError as problem:
        assert str(folder / "changed") in str(problem)  # noqa: PT017
        return
    if not server.users:
        server.add_user("u")
    try:
        session = server.connect(server.users[0].name)
        session.submit_definition(definition(min_clients=1))
        server.advance(100)
        session.get_system_info()
        for job in session.list_jobs(True, True):
            session.get_job_meta(job["job_id"])
            server.workspace(job["job_id"])
            session.download_job_result(job["job_id"])
            session.delete_job(job["job_id"])
    except (spec.NoConnection, spec.InternalError, spec.JobNotFound, spec.AuthorizationError, spec.SessionClosed):
        pass
    finally:
        server.close()


def with_other_value(payloads: list[bytes], place: int, value: object) -> list[bytes]:
    """Put a value in the place of another one, whichever that is, in one of the records."""
    number = place % len(payloads)
    if not payloads[number].startswith(b"["):
        return payloads
    record = json.loads(payloads[number])
    spots = list(spots_of(record))
    if spots:
        inside, key = spots[place // len(payloads) % len(spots)]
        inside[key] = value
    return [*payloads[:number], json.dumps(record).encode(), *payloads[number + 1 :]]


def spots_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a nested value: what it is in, and its index or key."""
    items = (
        list(enumerate(value)) if isinstance(value, list) else list(value.items()) if isinstance(value, dict) else []
    )
    for key, item in items:
        yield value, key
        yield from spots_of(item)


def payloads_of(content: bytes) -> list[bytes]:
    """What the records of a file hold."""
    return list(RecordReader(BytesIO(content), len(content)))


def boundaries(content: bytes) -> list[int]:
    """Where the records of a file end, but for the last one."""
    reader = RecordReader(BytesIO(content), len(content))
    return [len(MAGIC), *(reader.end for _ in reader)][:-1]

"""The control of a server in another process: what its port answers, to whom, and what its client makes of it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flare_sim import NoConnection, SimulatedServer, VirtualClock
from flare_sim.control import OPERATIONS, Control, ControlError, ControlPort
from flare_sim.scenarios.making import make_server
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def opened() -> Iterator[ControlPort]:
    """A port of a server that is controlled."""
    with ControlPort() as port:
        yield port


@pytest.fixture
def port(opened: ControlPort) -> ControlPort:
    """The port, with a fresh server."""
    Control(opened.url, opened.token).reset()
    return opened


@pytest.fixture
def control(port: ControlPort) -> Control:
    """Its client."""
    return Control(port.url, port.token)


def answered(port: ControlPort, method: str, path: str, body: str | bytes | None = None, **headers: str) -> Any:
    """What is answered to a request that is sent as it is."""
    host, number = port.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(number), timeout=20)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {port.token}", **headers})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_a_server_is_controlled(port: ControlPort, control: Control) -> None:
    """Time, faults, clients and users: as its owner would in its own process."""
    session = port.server.connect()
    job_id = session.submit_definition(definition())
    began = control.state()["time"]
    assert control.advance(seconds=3) == began + 3
    assert [job["status"] for job in control.jobs()] == ["RUNNING"]
    assert control.fault("partition", lasting=30).startswith("<Faults: partitioned; to come: repair()")
    with pytest.raises(NoConnection):
        session.list_jobs()
    control.advance(seconds=30)
    control.add_client(name="site-3", resources={"num_of_gpus": 1})
    control.remove_client(name="site-1", after=5)
    control.add_user(name="ann", role="member")
    control.change_role(user="ann", role="lead")
    control.revoke_user(user="member@nvidia.com")
    control.advance(seconds=5)

    state = control.state()
    assert [client.name for client in session.get_system_info().client_info] == ["site-2", "site-3"]
    assert (state["users"]["ann"], "member@nvidia.com" in state["users"]) == ("lead", False)
    assert (state["jobs"], state["requests"]) == ({"FINISHED:COMPLETED": 1}, {"submit_job": 1})
    assert state["digest"] == port.server.trace.digest()
    assert control.trace(job_id=job_id)[0]["kind"] == "command"
    assert control.story(job_id=job_id)[-1] == "8.15 s: 'small' is FINISHED:COMPLETED"
    assert [request["command"] for request in control.requests()] == ["submit_job", "check_status"]
    assert control.timeline().startswith("<!doctype html>")
    assert control.health() == {"ok": True, "reachable": True}
    assert control.time() == port.server.clock.time() == began + 38
    assert control.files(job_id=job_id) == [*port.server.stored_files(job_id)] != []


def test_a_call_may_be_what_is_waited_for(port: ControlPort, control: Control) -> None:
    """Its number, or all that is said of it."""
    session = port.server.connect()
    told = control.fault("malfunction", at_call={"number": 2, "of": "submit_job"}, lasting=5)
    assert "malfunction(lasting=5.0) at the last of 2 more submit_job" in told
    control.fault("partition", at_call=2)
    session.list_jobs()
    with pytest.raises(NoConnection):
        session.list_jobs()


def test_a_fresh_server_takes_the_place_of_the_one_there_is() -> None:
    """In a scenario, by its name or as a table; who has to know is told, and sessions of before find nobody."""
    changed: list[SimulatedServer] = []
    with ControlPort(changed=changed.append) as port:
        control = Control(port.url, port.token)
        session = port.server.connect()
        control.reset(scenario="lost-reply", seed=7)
        assert changed == [port.server]
        assert control.state()["seed"] == 7
        with pytest.raises(NoConnection):
            session.list_jobs()
        control.reset(scenario={"clients": ["a", {"name": "b", "joins": 3}]})
        control.advance(seconds=3)
        assert len(port.server.connect().get_system_info().client_info) == 2
        with pytest.raises(ControlError, match=r"^clients: a system cannot have -1 clients$"):
            control.reset(scenario={"clients": -1})
        assert port.server is changed[-1]


def test_jobs_are_moved_by_hand() -> None:
    """Where the server is made so."""
    with ControlPort(lambda **options: make_server(progress="manual", **options)) as port:
        job_id = port.server.submit(definition())
        assert Control(port.url, port.token).step(job_id=job_id) == "DISPATCHED"


def test_time_that_goes_by_itself_is_skipped() -> None:
    """A clock that can be skipped is; nobody waits for an hour."""

    class Skipped(VirtualClock):
        skipped = 0.0

        def skip(self, seconds: float) -> None:
            self.skipped += seconds

    clock = Skipped()
    with ControlPort(lambda: SimulatedServer(clock=clock)) as port:
        Control(port.url, port.token).advance(seconds=3600)

    assert clock.skipped == 3600


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [
        ("advance", {}, "ValueError: advance has to be told seconds"),
        ("advance", {"seconds": "x"}, "ValueError: "),
        ("advance", {"seconds": -1}, "ValueError: "),
        ("advance", {"seconds": 1, "minutes": 2}, "ValueError: advance can't be told 'minutes'; it takes seconds"),
        ("fault", {"fault": "partiton"}, "ValueError: there is no fault 'partiton'; did you mean 'partition'?"),
        ("fault", {"fault": "_plan"}, "ValueError: there is no fault '_plan'"),
        ("fault", {"fault": "drop"}, "ValueError: drop: missing a required argument: 'client'"),
        ("fault", {"fault": "drop", "client": "x"}, "ValueError: there is no client 'x'"),
        ("fault", {"fault": "hold", "client": "x"}, "ValueError: hold: got an unexpected keyword argument 'client'"),
        ("fault", {"fault": "hold", "at_call": {"n": 3}}, "ValueError: at_call: "),
        ("step", {"job_id": "x"}, "RuntimeError: jobs are stepped by hand with progress='manual'"),
        ("trace", {"job_id": "x"}, "JobNotFound: no such job: 'x'"),
        ("reset", {"scenario": "nowhere"}, "ValueError: there is no scenario 'nowhere'"),
        ("reset", {"state_file": "x"}, "ValueError: reset can't be told 'state_file'"),
        ("add_client", {"name": "site-1"}, "ValueError: there is already a client 'site-1'"),
        ("add_user", {"name": "ann", "role": "boss"}, "ValueError: user 'ann' has role 'boss'"),
        ("health", {"x": 1}, "ValueError: health can't be told 'x'; it takes nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(control: Control, name: str, told: dict[str, Any], said: str) -> None:
    """With what the server says of it; nothing has changed, and the next one is answered."""
    before = control.state()
    with pytest.raises(ControlError) as problem:
        control.call(name, **told)

    assert f"{problem.value.kind}: {problem.value}".startswith(said)
    assert control.state() == before


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer x", "Bearer \u00e4", "{token}", "Basic {token}", "Bearer {token}x"]
)
def test_nobody_is_let_in_without_the_token(port: ControlPort, token: str) -> None:
    """Not to look, either."""
    shown = token.format(token=port.token)
    for name, operation in OPERATIONS.items():
        status, told = answered(port, "POST" if operation.changes else "GET", f"/{name}", Authorization=shown)
        assert (status, told["error"]["message"]) == (401, "the token is missing, or another one")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/health", None, 200),
        ("GET", "/health?x=1", None, 200),
        ("POST", "/health", "{}", 200),
        ("GET", "/reset", None, 405),
        ("GET", "/nothing", None, 404),
        ("GET", "/../etc/passwd", None, 404),
        ("POST", "/advance", "no json", 400),
        ("POST", "/advance", "[1]", 400),
        ("POST", "/advance", "[" * 100_000, 400),
        ("POST", "/advance", b"\xff", 400),
        ("POST", "/advance", '{"seconds": 1e400}', 409),
        ("POST", "/advance", '{"seconds": ' + "1" * 5000 + "}", 400),
    ],
)
def test_a_request_is_answered_whatever_it_is(
    port: ControlPort, method: str, path: str, body: str | bytes | None, status: int
) -> None:
    """With why not, where it is not done."""
    code, told = answered(port, method, path, body)

    assert code == status
    assert ("error" in told) == (status != 200)


def test_what_is_too_large_is_not_read(port: ControlPort) -> None:
    """A megabyte is all that is taken."""
    for length in ("9999999999", "x", "-1", "1" * 5000):
        status, told = answered(port, "POST", "/advance", None, **{"Content-Length": length})
        assert (status, told["error"]["message"]) == (413, "at most 1048576 bytes can be read")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_garbage_holds_nobody_up(port: ControlPort, frames: list[bytes]) -> None:
    """Whatever comes, and however it ends: the next one is answered."""
    host, number = port.url.removeprefix("http://").split(":")
    heard_enough = suppress(BrokenPipeError, ConnectionResetError)
    with socket.create_connection((host, int(number)), timeout=5) as connection, heard_enough:
        for frame in frames:
            connection.sendall(frame)

    assert Control(port.url, port.token).health()["ok"]


def test_a_file_says_where_it_is(port: ControlPort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its user may read it; the environment may name it."""
    path = tmp_path / "control.json"
    port.write(str(path))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert Control.from_file(path).health()["ok"]
    monkeypatch.setenv("FLARE_SIM_CONTROL", str(path))
    assert Control.from_file().health()["ok"]
    with pytest.raises(FileExistsError):
        port.write(str(path))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"url": 3, "token": "x"}', '{"url": "ftp://x", "token": "x"}', "\xff"]
)
def test_another_file_is_told_from_it(tmp_path: Path, text: str) -> None:
    """And so is none."""
    path = tmp_path / "control.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ControlError, match=r"is no file of a control port$"):
        Control.from_file(path)
    with pytest.raises(ControlError, match=r"can't be read: No such file"):
        Control.from_file(tmp_path / "none")


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is closed by now, and an operation that there is not."""
    monkeypatch.delenv("FLARE_SIM_CONTROL", raising=False)
    with ControlPort() as port:
        control = Control(port.url, port.token)
    with pytest.raises(ControlError, match=r"^no server answers at 127\.0\.0\.1:"):
        control.health()
    with pytest.raises(ControlError, match="no control file is named"):
        Control.from_file()
    with pytest.raises(ControlError, match="there is no 'heal'"):
        control.call("heal")
    with pytest.raises(AttributeError, match="there is no 'heal'"):
        control.heal()
    with pytest.raises(ValueError, match="is no address of a control port"):
        Control("127.0.0.1:3", "x")
    assert {*OPERATIONS} <= {*dir(control)}
    assert repr(control).startswith("Control('http://127.0.0.1:")


def test_a_port_leaves_nothing() -> None:
    """No thread, and the port is free again."""
    import threading

    before = threading.active_count()
    with ControlPort() as port:
        number = int(port.url.rpartition(":")[2])
        Control(port.url, port.token).health()
    ControlPort(port=number).__enter__().__exit__(None, None, None)

    assert threading.active_count() <= before + 1  # that of the last request may be on its way out

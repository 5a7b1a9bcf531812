"""What comes back: all that a server knows, and nothing that follows from it or is somebody's code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flare_sim import (
    AuthenticationError,
    Client,
    Command,
    JobBehavior,
    Run,
    ServerConfig,
    SessionClosed,
    SimulatedServer,
    SystemClock,
    User,
    VirtualClock,
)
from flare_sim.commands.protocol import Login
from flare_sim.engine.clients.sites import Site, Sites
from flare_sim.engine.job import Course, Job, Output, Progress
from flare_sim.engine.job_store import JobStore
from flare_sim.engine.process import Process
from flare_sim.engine.runner import Runner
from flare_sim.engine.scheduler import Queue
from flare_sim.engine.state import ServerState
from flare_sim.engine.timeline import Timeline
from flare_sim.engine.trace import Trace
from flare_sim.faults import Faults
from flare_sim.saving import event_rows, job_rows, settings, snapshot
from flare_sim.saving.parts import Parts
from tests.flare_sim.interpreters import SUPPORTED, interpreter
from tests.flare_sim.job_samples import definition
from tests.flare_sim.saving.played import bytes_of

JOBS = job_rows.JobRows(Parts())
ROWS = {"timeline", "store", "trace", "sites", "tokens"}
"""What of a server's state is written row by row."""
MADE_AGAIN = {"policy", "defaults", "release", "rules", "queue"}
"""What follows from what it was made with, and from the jobs."""


def test_all_that_is_known_of_a_job_a_client_and_a_server_is_written() -> None:
    """An attribute that comes has to be written as well, or be listed here as one that follows from others."""
    made_with = {*settings._SETTINGS, "config", "behavior"} - {"now"}

    counted = {"tries", "last_try", "history", "claimed"}
    assert {*Job.__slots__} == {
        *JOBS._state,
        "epoch",
        "blob",
        "course",
        "output",
        "status",
        "vain",
        "scheduled",
    } - counted
    assert {*Course._fields} == {*JOBS._course, "placement", "plan", "progress"}
    assert {*Progress._fields} == {*JOBS._progress}
    assert {*Output._fields} == {*JOBS._output}
    assert {*Site.__slots__} == {*snapshot._CLIENT, "held"}
    assert {*ServerState.__slots__} == {*made_with, *snapshot._state(JOBS), *ROWS, *MADE_AGAIN}
    assert {*Sites.__slots__} == {"_by_name", "_roster", "interval", "registered", "timeout"}
    followed = {"_by_id", "_by_submitter", "_removed", "_trees", "active", "oddly_named"}
    assert {*JobStore.__slots__} == {"counter"} | followed
    assert {*Queue.__slots__} == {"_delayed", "_fresh", "_jobs", "_ready"}
    assert {*Timeline.__slots__} == {"_heap", "doing", "now", "savepoint", "serial"}
    assert {*Runner.__slots__, *Process.__slots__} == {"_plans", "_server"}
    assert {*Trace.__slots__} == {"_forms", "_ids", "_known", "_ticks", "codes"}


def test_all_that_may_be_planned_has_a_name(server: SimulatedServer) -> None:
    """So does every verb of the faults, and those of clients and users."""
    verbs = {name for name in vars(Faults) if not name.startswith("_")}
    verbs |= {"add_client", "remove_client", "add_user", "change_role", "revoke_user"}
    rows = event_rows.EventRows(JOBS, server._whole().actions)

    assert {*event_rows._VERBS} == verbs
    assert {*rows._arguments} == {*server._whole().actions}


def test_everything_comes_back(tmp_path: Path) -> None:
    """A state that has some of all there is; what is made of it is the same to the last byte."""
    behavior = {
        "by-name": JobBehavior(run_seconds=99, result_files={"model": b"\x00"}),
        "*": JobBehavior(run_seconds=50),
    }
    server = SimulatedServer(
        seed=9,
        clients=[Client("a", {"num_of_gpus": 3, "mem_per_gpu_in_GiB": 0.5}), "b", "c", "d"],
        users=[User("admin@nvidia.com", "nvidia", "project_admin"), "lead@nvidia.com"],
        config=ServerConfig(project="mine", max_jobs=2, client_return_seconds=3),
        behavior=behavior,
        personality="nvflare-2.9",
        quirks=["workspace-saved-late"],
    )
    admin, lead = server.login("admin@nvidia.com"), server.login("lead@nvidia.com")

    def ask(login: Login, name: str, *args: str, job: str = "") -> dict[str, object]:
        spec = {"a": {"num_of_gpus": 1}}
        payload = definition(name=job, min_clients=1, resource_spec=spec) if job else None
        return dict(server.request(login, Command(name, args, payload)).payload)

    ids = [str(ask(admin, "submit_job", "--submit-token", token, job="by-name")["job_id"]) for token in ("t", "u")]
    for _ in range(3):
        ask(lead, "submit_job", job="other")
    server.advance(5)
    ask(admin, "abort_job", ids[0])
    ask(admin, "clone_job", ids[0])
    server.advance(30)
    ask(admin, "delete_job", ids[0])
    ask(admin, "disable_client", "c")
    server.examine("no/such/job")
    faults = server.faults
    faults.drop("b")
    faults.fail_deploy("a", 2)
    faults.slow_replies(1.5)
    faults.lose_sessions("lead@nvidia.com")
    faults.crash()
    server.add_client("e")
    faults.restart(after=20)
    faults.kill_job(ids[1], after=21)
    faults.reconnect("b", at=server.clock.time() + 40)
    server.save(tmp_path / "state")
    again = SimulatedServer.restore(tmp_path / "state")

    assert bytes_of(again, tmp_path) == (tmp_path / "state").read_bytes()
    assert (again.seed, again.config, again.users, again.quirks) == (9, server.config, server.users, server.quirks)
    assert (again.remarks, again.jobs, again.clock.time()) == (server.remarks, server.jobs, server.clock.time())
    assert again._state.rules == server._state.rules
    assert again._state.behavior == behavior
    for one in (server, again):
        one.run_until_idle()
    assert again.trace.digest() == server.trace.digest()
    assert repr(again.faults) == repr(server.faults)
    assert again.jobs == server.jobs
    assert {job.status for job in again.jobs} >= {"FINISHED:COMPLETED"}


def test_what_waits_is_tried_at_once_before_the_epoch_too(tmp_path: Path) -> None:
    """Nobody takes a time that has a minus for one that is still to come."""
    server = SimulatedServer(clock=VirtualClock(-1000))
    server.submit(definition())
    server.save(tmp_path / "state")
    again = SimulatedServer.restore(tmp_path / "state")
    for one in (server, again):
        one.advance(2)

    assert [job.status for one in (server, again) for job in one.jobs] == ["RUNNING"] * 2


def test_what_several_jobs_have_is_written_once(server: SimulatedServer, tmp_path: Path) -> None:
    """Contents of files by what is in them, and definitions too, though each submission has one of its own."""
    large = {"app/data": "x" * 100_000, "app/more": "x" * 100_000}
    for number in range(5):
        server.submit(definition(name=f"job-{number % 2}", custom_props={"flare_sim": {"result_files": large}}))
    written = bytes_of(server, tmp_path)

    assert written.count(b"x" * 100_000 + b"\n") == 1
    assert written.count(b'["definition"') == 2
    assert bytes_of(SimulatedServer.restore(tmp_path / "saved"), tmp_path) == written


def test_a_session_goes_on(server: SimulatedServer, tmp_path: Path) -> None:
    """Whoever knows its number has it again; what was lost stays lost, and new numbers go on."""
    lost, kept = server.connect("lead@nvidia.com"), server.connect()
    server.faults.lose_sessions("lead@nvidia.com")
    server.save(tmp_path / "state")
    again = SimulatedServer.restore(tmp_path / "state")

    assert again.connect(number=kept.number).list_jobs() == []
    with pytest.raises(SessionClosed):
        again.connect("lead@nvidia.com", number=lost.number).list_jobs()
    for number in (0, 3, -1, "1", True):
        with pytest.raises(AuthenticationError, match="there was no session of number"):
            again.connect(number=number)  # type: ignore[arg-type]
    assert again.connect("lead@nvidia.com").number == server.connect("lead@nvidia.com").number == 3


def test_functions_that_wait_cannot_be_saved(server: SimulatedServer, tmp_path: Path) -> None:
    """Nothing is written then; once they have been called all is well."""
    server.call_later(5, server.faults.hold)
    with pytest.raises(ValueError, match=r"1 function.*call_later.* no file can hold"):
        server.save(tmp_path / "state")
    assert list(tmp_path.iterdir()) == []
    server.advance(5)
    server.save(tmp_path / "state")


def test_nothing_is_saved_in_the_middle_of_an_event(tmp_path: Path) -> None:
    """A behavior that tries is told."""

    def behave(run: Run) -> None:
        with pytest.raises(RuntimeError, match="in the middle of an event"):
            server.save(tmp_path / "state")
        run.write("tried", "yes")

    server = SimulatedServer(behavior=behave, progress="immediate")
    job_id = server.submit(definition())
    assert "workspace/tried" in server.stored_files(job_id)


def test_a_behavior_that_is_given_counts_from_then_on(server: SimulatedServer, tmp_path: Path) -> None:
    """For runs that begin then; what has begun goes on as it was to."""
    begun = server.submit(definition())
    server.advance(2)
    server.save(tmp_path / "state")
    again = SimulatedServer.restore(tmp_path / "state", behavior=JobBehavior(run_seconds=1, outcome="ABNORMAL"))
    begins = again.submit(definition())
    again.run_until_idle()

    assert {job.job_id: job.status for job in again.jobs} == {begun: "FINISHED:COMPLETED", begins: "FINISHED:ABNORMAL"}
    with pytest.raises(ValueError, match="behavior must be"):
        SimulatedServer.restore(tmp_path / "state", behavior=7)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="clock"):
        SimulatedServer.restore(tmp_path / "state", clock=7)  # type: ignore[arg-type]


def test_a_state_goes_on_by_the_clock_of_the_machine(server: SimulatedServer, tmp_path: Path) -> None:
    """What was saved by another clock: all that was due meanwhile has happened, a moment ago as far as anybody saw."""
    job_id = server.submit(definition())
    server.save(tmp_path / "state")
    clock = SystemClock()
    again = SimulatedServer.restore(tmp_path / "state", clock=clock)

    done = clock.time() > server.clock.time() + 60
    assert again.jobs[0].status == ("FINISHED:COMPLETED" if done else "SUBMITTED")
    assert again.jobs[0].job_id == job_id


PROGRAM = """
import sys
from flare_sim import SimulatedServer
with SimulatedServer.restore(sys.argv[1]) as server:
    server.connect("lead@nvidia.com")
    server.run_until_idle()
    server.save(sys.argv[1])
    sys.stdout.write(server.trace.digest())
"""


@pytest.mark.parametrize("version", SUPPORTED)
def test_another_python_goes_on(version: str, server: SimulatedServer, tmp_path: Path) -> None:
    """In another process, of every supported version: to the same digest, and to the same file."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    job_id = server.submit(definition(name="\ud83d\ude00 \u2028"))
    server.connect().clone_job(job_id)
    server.faults.drop("site-1", after=5)
    server.advance(3)
    server.save(tmp_path / "state")
    command = [python, "-c", PROGRAM, str(tmp_path / "state")]
    root = Path(__file__).parents[3]
    told = subprocess.run(command, capture_output=True, check=True, cwd=root, text=True).stdout
    server.connect("lead@nvidia.com")
    server.run_until_idle()

    assert told == server.trace.digest()
    assert (tmp_path / "state").read_bytes() == bytes_of(server, tmp_path)


def test_saving_shows_nothing_of_the_server_but_its_state(server: SimulatedServer, tmp_path: Path) -> None:
    """No address in memory, no path of this machine: the same state is the same file."""
    server.submit(definition())

    assert bytes_of(server, tmp_path) == bytes_of(server, tmp_path)
    assert not re.search(rb" at 0x|/home|/tmp", bytes_of(server, tmp_path))


def test_who_saves_nothing_loads_nothing() -> None:
    """A server without a state file needs none of it."""
    program = "import sys, flare_sim; flare_sim.SimulatedServer().connect(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()

    assert [name for name in loaded if name.startswith("flare_sim.saving")] == []

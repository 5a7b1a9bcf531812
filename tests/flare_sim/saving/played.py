"""Plays drawn calls on servers of all kinds, and notes what came of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from flare_sim import (
    Client,
    Command,
    JobBehavior,
    JobDefinition,
    NthCall,
    Run,
    ServerConfig,
    Session,
    SimulatedServer,
    spec,
)
from flare_sim.commands.protocol import Login
from flare_sim.users import ROLES
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["KINDS", "STEPS", "Played", "behave", "bytes_of"]

EXPECTED = (
    spec.NoConnection,
    spec.SessionClosed,
    spec.JobNotFound,
    spec.JobNotDone,
    spec.InternalError,
    spec.AuthorizationError,
    ValueError,
)
JOBS = [
    definition(),
    definition(name="by-name", min_clients=1, resource_spec={"a": {"num_of_gpus": 1}}),
    definition(min_clients=3, mandatory_clients=["c"]),
    definition(deploy_map={"app": ["server", "b", "c"]}, custom_props=behaving(run_seconds=0, outcome="ABNORMAL")),
    definition(name="lone \ud83d", custom_props=behaving(start_seconds=2, result_files={"models/x": "\ude00"})),
    definition(custom_props=behaving(deploy_seconds=3, run_seconds=60, deploy_failures=["a"], result_bytes=7)),
]
USERS = ["admin@nvidia.com", "lead@nvidia.com", "member@nvidia.com"]


def behave(run: Run) -> JobBehavior | None:
    """What runs do whose job does not say: some leave files, some raise."""
    number = int(run.job_id[0], 16)
    if number < 4:
        raise RuntimeError(f"{run.name} fails")
    run.write("model", run.job_id)
    return JobBehavior(run_seconds=number, result_files={"log": run.name}) if number < 12 else None


def behave_in_rounds(run: Run) -> JobBehavior | None:
    """What runs do that are asked again when a round is over: they write, and one in eight fails in the second."""
    if run.round is None:
        run.write("later", run.job_id, at=5)
        return JobBehavior(rounds=3, every=4, metrics={"*": {"accuracy": [0.5, 0.75]}})
    if run.round == 1 and int(run.job_id[0], 16) < 2:
        raise RuntimeError(f"{run.name} fails")
    run.write(f"rounds/{run.round}", f"{run.elapsed} {run.random.random()}")
    run.log(f"round {run.round} on {' '.join(run.sites)}")
    for site in run.sites:
        run.report(site, {"loss": run.random.gauss(1, 0.1)})
    return None


IN_ROUNDS = JobBehavior(
    rounds=4,
    every=2.5,
    metrics="fedavg",
    round_files={"app_server/FL_global_model.pt": "weights {round}", "app_{site}/local.npy": b"\x93{round}"},
    timed_files=[(0, "begun", ""), (6.25, "app_server/notes", b"\xff"), (6.25, "app_server/notes/more", "x")],
    log_lines=[(1, "loaded"), (9.75, "almost")],
)
BEHAVIORS: list[Any] = [
    None,
    IN_ROUNDS,
    {"by-name": JobBehavior(rounds=2), "*": IN_ROUNDS.or_else(JobBehavior(outcome="CLIENT_EXCEPTION"))},
    behave_in_rounds,
    JobBehavior(run_seconds=5, deploy_failures=["b"], result_files={"a/b": b"\x00\xff"}),
    {"by-name": JobBehavior(run_seconds=2), "*": JobBehavior(outcome="CLIENT_EXCEPTION", deploy_seconds=1)},
    {"by-*": [JobBehavior(run_seconds=2), JobBehavior(rounds=2)], "*": [JobBehavior(outcome="ABNORMAL"), IN_ROUNDS]},
    behave,
]
KINDS = st.fixed_dictionaries(
    {
        "personality": st.sampled_from([None, None, "nvflare-2.3", "nvflare-2.9"]),
        "quirks": st.sampled_from(
            [(), ("submit-tokens-honoured",), ("sessions-survive-restart", "orphans-stay-running")]
        ),
        "progress": st.sampled_from(["time", "time", "immediate", "manual"]),
        "behavior": st.sampled_from(BEHAVIORS),
        "config": st.sampled_from(
            [ServerConfig(max_jobs=2), ServerConfig(client_return_seconds=1, max_schedule_count=2)]
        ),
        "seed": st.sampled_from([0, -(2**70)]),
    }
)
"""The servers there are."""
NUMBER = st.integers(0, 9)
CLIENT = st.sampled_from("abc")
MOMENTS: list[dict[str, Any]] = [
    {},
    {"after": 0.5},
    {"after": 7.25},
    {"at_call": 2},
    {"at_call": NthCall(1, of="get_system_info")},
    {"at_call": NthCall(2, of="submit_job", by=USERS[0], answered=True)},
]
SOON = st.sampled_from(MOMENTS)
FOR_SOME_TIME = st.sampled_from([{**when, **lasting} for when in MOMENTS for lasting in ({}, {"lasting": 4.0})])
COMMANDS = ["restart", "shutdown", "remove_client", "disable_client", "enable_client", "submit_job"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), NUMBER),
        st.tuples(
            st.sampled_from(["clone_job", "abort_job", "delete_job", "get_job_meta", "download_job_result"]), NUMBER
        ),
        st.tuples(st.just("advance"), st.sampled_from([0.0, 0.03, 0.1, 0.97, 3.0, 11.0, 650.0])),
        st.tuples(st.just("connect"), st.sampled_from(USERS)),
        st.tuples(st.just("drop"), CLIENT, FOR_SOME_TIME),
        st.tuples(st.just("reconnect"), CLIENT, SOON),
        st.tuples(st.just("fail_deploy"), st.sampled_from(["server", "a"]), SOON),
        st.tuples(st.just("kill_job"), NUMBER, SOON),
        st.tuples(st.just("kill_jobs"), st.sampled_from(["*", "by-name"]), SOON),
        st.tuples(st.just("slow_replies"), st.sampled_from([0.0, 1.5]), FOR_SOME_TIME),
        st.tuples(st.just("lose_sessions"), st.sampled_from([None, *USERS]), SOON),
        st.tuples(st.sampled_from(["partition", "crash", "malfunction", "hold"]), FOR_SOME_TIME),
        st.tuples(st.sampled_from(["repair", "restart", "mend", "release"]), SOON),
        st.tuples(st.just("command"), st.sampled_from(COMMANDS), CLIENT),
        st.tuples(st.just("swap"), CLIENT, SOON),
        st.tuples(st.sampled_from(["add_user", "revoke_user"]), st.just("ann"), SOON),
        st.tuples(st.just("change_role"), st.sampled_from([*USERS[1:], "ann"]), st.sampled_from(ROLES), SOON),
        st.tuples(st.just("step"), NUMBER),
        st.tuples(st.just("examine"), st.sampled_from(["examples/broken-job", "no/such/job"])),
        st.tuples(st.just("look")),
    ),
    max_size=25,
)
"""What may be done to them."""


class Played:
    """A server, its sessions, and what came of all that was done."""

    def __init__(self, server: SimulatedServer) -> None:
        self.server = server
        self.sessions = [server.connect()]
        self.ids = ["unknown"]
        self.seen: list[object] = []

    @classmethod
    def fresh(cls, kind: dict[str, Any], **more: Any) -> Played:
        """Begin with a fresh server of that kind."""
        clients = [Client("a", {"num_of_gpus": 1, "mem_per_gpu_in_GiB": 0.5}), Client("b"), Client("c", {"gpus": 3})]
        return cls(SimulatedServer(clients=clients, **kind, **more))

    def go_on(self, server: SimulatedServer) -> None:
        """Go on with another server that has the state of this one."""
        before = self.sessions
        self.server = server
        # A session that is at work asks nobody to be let in again.
        users = {user.name: user for user in server.users}
        self.sessions = [Session(server, Login(users[old._login.user.name], old.number), None) for old in before]
        for old, new in zip(before, self.sessions, strict=True):
            new._closed = old._closed  # one that has noticed that it was lost asks nobody any more

    def do(self, step: tuple[Any, ...]) -> None:
        """Do a step, and note what came of it."""
        verb, *args = step
        try:
            self.seen.append(getattr(self, f"_{verb}", partial(self._other, verb))(*args))
        except EXPECTED as problem:
            self.seen.append((type(problem), str(problem)))

    def end(self) -> list[object]:
        """What can be seen in the end, and was on the way."""
        server = self.server
        files = [(server.stored_files(job.job_id), server.workspace(job.job_id)) for job in server.jobs]
        self.do(("look",))
        return [*self.seen, files, server.jobs, server.users, server.remarks, list(server.trace), server.clock.time()]

    def _id(self, number: int) -> str:
        return self.ids[number % len(self.ids)]

    def _submit(self, number: int) -> str:
        self.ids.append(self.sessions[-1].submit_definition(JOBS[number % len(JOBS)]))
        return self.ids[-1]

    def _advance(self, seconds: float) -> None:
        self.server.advance(seconds)

    def _connect(self, user: str) -> None:
        self.sessions.append(self.server.connect(user))

    def _command(self, name: str, client: str) -> object:
        args = {"restart": ("all",), "shutdown": ("client", client), "submit_job": ("--submit-token", client)}
        job: JobDefinition | None = JOBS[0] if name == "submit_job" else None
        reply = self.server.request(self.sessions[-1]._login, Command(name, args.get(name, (client,)), job))
        if name == "submit_job" and "job_id" in reply.payload:
            self.ids.append(reply.payload["job_id"])
        return reply

    def _swap(self, name: str, when: dict[str, Any]) -> None:
        if name in self.server._state.sites:
            self.server.remove_client(name, **when)
        else:
            self.server.add_client(Client(name, {"num_of_gpus": 2}), **when)

    def _add_user(self, name: str, when: dict[str, Any]) -> None:
        self.server.add_user(name, **when)

    def _revoke_user(self, name: str, when: dict[str, Any]) -> None:
        self.server.revoke_user(name, **when)

    def _change_role(self, name: str, role: str, when: dict[str, Any]) -> None:
        self.server.change_role(name, role, **when)

    def _step(self, number: int) -> str:
        return self.server.step(self._id(number)) if self.server.progress == "manual" else ""

    def _examine(self, path: str) -> object:
        return self.server.examine(path).problems

    def _look(self) -> object:
        info = self.sessions[-1].get_system_info()
        told = (vars(info.server_info), list(map(vars, info.client_info)), list(map(vars, info.job_info)))
        written = [self.server.workspace(job.job_id) for job in self.server.jobs]
        return self.server.jobs, told, self.sessions[0].list_jobs(True, True), written

    def _kill_job(self, number: int, when: dict[str, Any]) -> None:
        self.server.faults.kill_job(self._id(number), **when)

    def _other(self, verb: str, *args: Any) -> object:
        if args and isinstance(args[-1], dict):
            act: Callable[..., object] = getattr(self.server.faults, verb)
            return act(*args[:-1], **args[-1])
        made = getattr(self.sessions[-1], verb)(self._id(args[0]))
        if verb == "clone_job":
            self.ids.append(made)
        if verb == "download_job_result":
            return self.server.request(self.sessions[-1]._login, Command("download_job", (self._id(args[0]),))).content
        return made


def bytes_of(server: SimulatedServer, folder: Path) -> bytes:
    """What a file holds that a server is saved to."""
    path = folder / "saved"
    server.save(path)
    return path.read_bytes()

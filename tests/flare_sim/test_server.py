"""The server as its owner sees it: building, connecting, moving time, looking inside."""

from __future__ import annotations

import gc
import os
import re
from typing import Any

import pytest

from flare_sim import (
    AuthenticationError,
    AuthorizationError,
    Client,
    Command,
    InternalError,
    JobNotFound,
    NoConnection,
    ServerConfig,
    SimulatedServer,
    SystemClock,
    User,
    VirtualClock,
)
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirks import UNKNOWN_USER_WAITS
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import behaving, definition


def statuses(server: SimulatedServer) -> list[str]:
    """The status of every job."""
    return [job.status for job in server.jobs]


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"seed": "1"}, "seed"),
        ({"seed": True}, "seed"),
        ({"progress": "slow"}, "progress must be one of time, immediate, manual"),
        ({"behavior": 3}, "behavior"),
        ({"clients": -1}, "clients"),
        ({"clients": ["a", "a"]}, "client"),
        ({"users": ["a", "a"]}, "given twice"),
        ({"quirks": None}, "quirks"),
        ({"config": ServerConfig(max_jobs=0)}, "max_jobs"),
    ],
)
def test_a_server_that_makes_no_sense_is_refused(arguments: dict[str, Any], match: str) -> None:
    """An argument that makes no sense is named."""
    with pytest.raises(ValueError, match=match):
        SimulatedServer(**arguments)


def test_only_users_may_connect(server: SimulatedServer) -> None:
    """Somebody unknown, or nobody, is refused; every default user is let in."""
    for nobody in ("eve", "", None, 3, "\ud800"):
        with pytest.raises(AuthenticationError, match=f"^unknown user {re.escape(shown(nobody))}$"):
            server.connect(nobody)  # type: ignore[arg-type]
    for user in ("admin@nvidia.com", "org@nvidia.com", "lead@nvidia.com", "member@nvidia.com", "lead2@other.com"):
        assert server.connect(user).list_jobs() == []


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\nb", None, 3])
def test_a_folder_has_a_plain_name(server: SimulatedServer, name: Any) -> None:
    """One that leads elsewhere, or is none, is shown."""
    with pytest.raises(ValueError, match=f"^{re.escape(shown(name))} is no name of a folder$"):
        server.folder(name)


def test_folders_are_found_by_their_names(server: SimulatedServer) -> None:
    """Each in the one that goes with the server, that for downloads among them."""
    kits, downloads = server.folder("kits"), server.download_folder()

    assert (os.path.basename(kits), os.path.basename(downloads)) == ("kits", "downloads")
    assert os.path.dirname(kits) == os.path.dirname(downloads)
    assert (server.folder("kits"), server.folder("downloads")) == (kits, downloads)


@pytest.mark.parametrize("number", [0, 3, -1, "1", True, 1.0])
def test_nobody_goes_on_with_a_session_that_never_was(server: SimulatedServer, number: Any) -> None:
    """The number is shown; the first and the last there were are as good as each other."""
    first, last = server.connect(), server.connect("lead@nvidia.com")
    with pytest.raises(AuthenticationError, match=f"^there was no session of number {shown(number)}$"):
        server.connect(number=number)

    assert [server.connect(number=session.number).list_jobs() for session in (first, last)] == [[], []]


def test_a_server_is_asked_with_what_it_gave(server: SimulatedServer) -> None:
    """With a login, for a reply of its own; anything else is shown."""
    strange: list[Any] = [("admin@nvidia.com", 1), 3, None]
    for thing in strange:
        with pytest.raises(ValueError, match=f"^a Login is needed, not {re.escape(shown(thing))}$"):
            server.request(thing, Command("list_jobs"))
        with pytest.raises(ValueError, match=f"^a Reply is needed, not {re.escape(shown(thing))}$"):
            server.delivers(thing)


def test_a_job_is_watched_where_a_request_would_be_answered_at_once(server: SimulatedServer) -> None:
    """Once its meta was asked for; not while replies take time, nor while nobody gets through."""
    session = server.connect()
    job_id = session.submit_definition(definition())
    watched = [server.watch(job_id) is not None]
    session.get_job_meta(job_id)
    for verb in ("mend", "partition", "repair", "crash"):
        getattr(server.faults, verb)()
        watched.append(server.watch(job_id) is not None)
    assert watched == [False, True, False, True, False]

    server.faults.restart()
    server.faults.slow_replies(1)
    server.connect().get_job_meta(job_id)
    assert server.watch(job_id) is None


def test_what_is_no_path_is_remembered_as_what_it_is(server: SimulatedServer) -> None:
    """What was wrong with it is among the remarks."""
    assert server.examine(3).definition is None
    assert list(server.remarks) == ["3"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "cannot connect to mine: no server there"),
        ({"quirks": [UNKNOWN_USER_WAITS]}, "cannot connect to mine: no server there"),
        ({"personality": "nvflare-2.9", "quirks": [UNKNOWN_USER_WAITS]}, PERSONALITIES["nvflare-2.9"].cannot_connect),
    ],
)
def test_who_finds_no_server_is_told_which(settings: dict[str, Any], said: str) -> None:
    """By a release in its own words; where a user nobody knows finds none, in the same."""
    server = SimulatedServer(config=ServerConfig(project="mine"), **settings)
    if settings:
        with pytest.raises(NoConnection, match=f"^{re.escape(said)}$"):
            server.connect("stranger@nowhere.org")
    server.close()

    with pytest.raises(NoConnection, match=f"^{re.escape(said)}$"):
        server.connect()


def test_users_are_those_given() -> None:
    """A server has the users it was built with, and their roles."""
    server = SimulatedServer(users=["ann", User("bob", "x", "member")])
    server.submit(definition(), "ann")
    with pytest.raises(AuthorizationError):
        server.submit(definition(), "bob")
    with pytest.raises(AuthenticationError):
        server.connect()


def test_two_servers_never_see_each_other() -> None:
    """Same seed, same calls, same ids: and yet each has its own jobs, clock and trace."""
    one, other = SimulatedServer(), SimulatedServer()
    job_id = one.submit(definition())
    assert statuses(other) == []
    assert other.submit(definition()) == job_id
    one.run_until_idle()

    assert (statuses(one), statuses(other)) == (["FINISHED:COMPLETED"], ["SUBMITTED"])


def test_the_seed_decides_the_ids() -> None:
    """Another seed, other ids; the same seed, the same ids."""
    made = [SimulatedServer(seed=seed).submit(definition()) for seed in (0, 1, -1, 1, 10**30)]

    assert len(set(made)) == 4
    assert made[1] == made[3]


def test_jobs_are_seen_from_outside(server: SimulatedServer) -> None:
    """The owner sees each job with its times and sites, and can't change it."""
    first = server.submit(definition(), "lead@nvidia.com")
    server.advance(3)
    server.connect().clone_job(first)
    server.run_until_idle()

    job, clone = server.jobs
    assert (job.job_id, job.name, job.status, job.submitter) == (
        first,
        "small",
        "FINISHED:COMPLETED",
        "lead@nvidia.com",
    )
    assert (job.submit_time, job.start_time, job.end_time) == (1767225600.0, 1767225601.15, 1767225608.15)
    assert (job.sites, job.cloned_from, clone.cloned_from) == (("site-1", "site-2"), "", first)
    with pytest.raises(AttributeError):
        job.status = "x"  # type: ignore[misc]


def test_stored_files_are_those_of_the_result(server: SimulatedServer) -> None:
    """What the server holds for a job, nothing for one that isn't there."""
    job_id = server.submit(definition())
    assert server.stored_files(job_id) == (
        "job/job/app/config/config_fed_client.json",
        "job/job/app/config/config_fed_server.json",
        "job/job/meta.json",
    )
    server.run_until_idle()
    assert len(server.stored_files(job_id)) == 8
    server.connect().delete_job(job_id)

    assert (server.stored_files(job_id), server.stored_files(None)) == ((), ())  # type: ignore[arg-type]


def test_idle_is_when_nothing_more_will_happen(server: SimulatedServer) -> None:
    """Time passes to the last thing that is planned and not out of date, and no further."""
    job_id = server.submit(definition(custom_props=behaving(run_seconds=86_400)))
    server.advance(10)
    server.connect().abort_job(job_id)
    for _ in range(2):
        assert server.run_until_idle() == ()
        assert server.clock.time() == 1767225613.0


def test_what_is_stuck_when_nothing_more_will_happen_is_named(server: SimulatedServer) -> None:
    """Every job that is not over, with the reason, and no other."""
    for _ in range(2):
        server.submit(definition())
        server.advance(3)
    server.submit(definition(min_clients=1))
    server.faults.drop("site-2")

    told = [f"{job.status}, {job.reason}" for job in server.run_until_idle()]
    since = "paused since site-2 dropped at 2026-01-01T00:00:06Z: 2 clients wanted, 1 connected"
    assert told == [f"RUNNING, {since}"] * 2


def test_the_history_of_a_job_has_names_seconds_and_the_statuses_of_the_interface(server: SimulatedServer) -> None:
    """Of that job alone, in its order, and also when it was deleted; nothing is told of one that never was."""
    session = server.connect()
    job_id, other = (session.submit_definition(definition()) for _ in range(2))
    clone = session.clone_job(job_id)
    server.run_until_idle()
    session.delete_job(job_id)
    history = server.history(job_id)

    assert [record.kind for record in history] == [
        *("command", "command", "schedule", *["state"] * 4, "command", "deleted")
    ]
    assert [record.command for record in history if record.user] == ["submit_job", "clone_job", "delete_job"]
    assert [(round(record.seconds - 1767225600, 3), record.status) for record in history if record.status] == [
        (1.0, "SUBMITTED"),
        (1.05, "DISPATCHED"),
        (1.15, "RUNNING"),
        (8.15, "FINISHED:COMPLETED"),
    ]
    assert {record.job_id for record in history} == {job_id, clone}
    assert {record.job_id for record in server.history(other)} == {other}
    assert history[1].original == job_id
    for unknown in ("no-such-job", "", None, "submit_job", "admin@nvidia.com"):
        with pytest.raises(JobNotFound, match=f"^no such job: {shown(unknown)}$"):
            server.history(unknown)  # type: ignore[arg-type]


def test_an_idle_day_costs_nothing(server: SimulatedServer) -> None:
    """With nothing to schedule nothing is planned, so a year passes in one step."""
    server.run_until_idle()
    server.advance(365 * 86_400)

    assert (len(server.trace), len(server._state.timeline)) == (0, 0)


def test_a_clock_that_does_not_move_is_found_out() -> None:
    """Waiting for time on a frozen clock would be for ever, so it is an error."""
    server = SimulatedServer(clock=SystemClock(sleep=lambda _: None))
    server.clock = Frozen()
    server.submit(definition())

    with pytest.raises(RuntimeError, match="does not move"):
        server.run_until_idle()


class Frozen:
    """A clock that stands still."""

    def time(self) -> float:
        """Always the same."""
        return 4e9

    def sleep(self, seconds: float, /) -> None:
        """Return at once."""


def test_a_clock_that_shows_no_time_any_more_is_an_internal_error(server: SimulatedServer) -> None:
    """It is shown, whatever is asked; once it shows a time again all is well."""
    session, clock = server.connect(), server.clock
    server.clock = Settable("noon")  # type: ignore[arg-type]
    for ask in (server.catch_up, session.list_jobs, server.connect):
        with pytest.raises(
            InternalError, match=r"^the clock shows 'noon', which is no time in seconds since the epoch$"
        ):
            ask()
    server.clock = clock

    assert session.list_jobs() == []


def test_a_clock_that_goes_back_stands_still_for_the_server() -> None:
    """Time on the server never goes back, whatever its clock does."""
    clock = Settable(1000.0)
    server = SimulatedServer(clock=clock)
    server.submit(definition())
    clock.now = 1008.0
    assert statuses(server) == ["RUNNING"]
    clock.now = 500.0
    second = server.submit(definition())
    assert server.connect().get_job_meta(second)["submit_time"] == 1008.0
    clock.now = 1009.0

    assert statuses(server) == ["FINISHED:COMPLETED", "SUBMITTED"]


class Settable:
    """A clock that shows what it is told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        """What it was told."""
        return self.now

    def sleep(self, seconds: float, /) -> None:
        """Go on by so much."""
        self.now += seconds


def test_clients_come_and_go(server: SimulatedServer) -> None:
    """A client may be added and removed; a name that is taken or unknown is refused."""
    server.add_client(Client("site-3", {"gpus": 1}))
    server.remove_client("site-1")
    for name, said in (("site-2", "^there is already a client 'site-2'$"), ("@ALL", "client")):
        with pytest.raises(ValueError, match=said):
            server.add_client(name)
    with pytest.raises(ValueError, match=r"^there is no client 'site-1'$"):
        server.remove_client("site-1")

    assert [client.name for client in server.connect().get_system_info().client_info] == ["site-2", "site-3"]


def test_a_closed_server_is_gone() -> None:
    """Sessions get no connection, nobody connects, and the download folder is removed; closing again is nothing."""
    with SimulatedServer() as server:
        session = server.connect()
        folder = session.download_job_result(session.submit_definition(definition()))
        assert os.path.isdir(folder)
    server.close()

    assert os.path.basename(os.path.dirname(folder)) == "downloads"
    assert not os.path.exists(os.path.dirname(folder))
    assert repr(server) == "<SimulatedServer simulated_project (closed), 2 clients; 1 SUBMITTED>"
    with pytest.raises(NoConnection):
        session.list_jobs()
    with pytest.raises(NoConnection):
        server.connect()


def test_the_download_folder_goes_with_the_server() -> None:
    """A server nobody holds any more takes its temporary folder with it."""
    session = SimulatedServer().connect()
    folder = session.download_job_result(session.submit_definition(definition()))
    del session
    gc.collect()

    assert not os.path.exists(folder)


def test_a_server_says_what_it_is() -> None:
    """The representation has the project, the state, the clients and the jobs by status."""
    server = SimulatedServer(clients=3, clock=VirtualClock(0), config=ServerConfig(project="mine"), seed=5)
    assert (server.seed, server.config.project) == (5, "mine")
    assert repr(server) == "<SimulatedServer mine (up), 3 clients; no jobs>"
    for _ in range(2):
        server.submit(definition())
    server.connect().abort_job(server.jobs[0].job_id)
    server.faults.partition()
    server.faults.drop("site-2")
    assert repr(server) == "<SimulatedServer mine (unreachable), 2 clients; 1 SUBMITTED, 1 FINISHED:ABORTED>"

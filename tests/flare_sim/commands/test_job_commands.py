"""Commands about one job, and the replies to them."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import Command, InvalidJobDefinition, SimulatedServer
from tests.flare_sim.commands.command_lines import ask, meta
from tests.flare_sim.job_samples import definition


def test_a_submission_comes_with_a_job(server: SimulatedServer) -> None:
    """A bare submit_job has no job; one with a payload answers with the id."""
    login = server.connect()._login

    assert meta(server, "submit_job /a")["status"] == "invalid_job_def"
    reply = server.request(login, Command("submit_job", ("/a",), definition())).as_dict()
    job_id = reply["meta"]["job_id"]
    assert reply["data"] == [{"type": "string", "data": f"Submitted job: {job_id}"}, {"type": "success", "data": ""}]


def test_a_submission_has_one_word(server: SimulatedServer) -> None:
    """What comes after it is shown, as much of it as anybody reads."""
    login = server.login("admin@nvidia.com")
    reply = server.request(login, Command("submit_job", ("a", "b" * 99, "c"), definition()))

    assert (reply.status, reply.info) == ("syntax_error", f"unrecognized arguments: {'b' * 80}")


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (InvalidJobDefinition("the cat ate it"), "the cat ate it"),
        (InvalidJobDefinition(), "no job came with the command"),
        (InvalidJobDefinition("the cat", "ate it"), "no job came with the command"),
        ("the cat", "no job came with the command"),
    ],
)
def test_a_submission_without_a_job_says_why_there_is_none(server: SimulatedServer, payload: Any, said: str) -> None:
    """In the words of whoever looked at it, where there are any."""
    reply = server.request(server.login("admin@nvidia.com"), Command("submit_job", ("a",), payload))

    assert (reply.status, reply.info) == ("invalid_job_def", said)


@pytest.mark.parametrize("thing", [None, "jobs/small", {"name": "small"}])
def test_a_submission_of_anything_else_leaves_nothing(server: SimulatedServer, thing: Any) -> None:
    """What is no definition is refused before a job is made of it."""
    with pytest.raises(InvalidJobDefinition, match="no job came"):
        server.submit(thing)

    assert (server.jobs, len(server.trace)) == ((), 0)


def test_a_meta_is_in_the_reply_twice(server: SimulatedServer, jobs: list[str]) -> None:
    """The meta stands where a session reads it, and where a console shows it."""
    reply = ask(server, f"get_job_meta {jobs[0]}").as_dict()

    assert reply["meta"]["job_meta"]["job_id"] == jobs[0]
    assert reply["data"] == [{"type": "dict", "data": reply["meta"]["job_meta"]}]


def test_components_of_a_job(server: SimulatedServer, jobs: list[str]) -> None:
    """There are none, and so there is nothing to download."""
    assert meta(server, f"list_job {jobs[0]}")["job_components"] == []
    assert meta(server, f"download_job_components {jobs[0]}")["status"] == "no_job_components"


def test_aborting_says_what_was_done(server: SimulatedServer, jobs: list[str]) -> None:
    """Before the run, during it, after it: each has its sentence, and its time."""
    server.advance(1.5)
    running, waiting = jobs[0], jobs[4]

    first = ask(server, f"abort_job {waiting}")
    again = ask(server, f"abort_job {waiting}")
    stopping = ask(server, f"abort_job {running}")

    assert (first.info, first.delay) == (f"Aborted the job {waiting} before running it.", 0)
    assert (again.info, again.delay) == (f"Job for {waiting} is already completed.", 0)
    assert (stopping.info, stopping.delay) == ("Abort signal has been sent to the server app.", 3_000_000)


def test_a_large_result_has_a_location(server: SimulatedServer, jobs: list[str]) -> None:
    """A result over the limit comes as a location, any other as files."""
    small = ask(server, f"download_job {jobs[0]}")
    server._state.config = server.config._replace(max_download_bytes=10)
    large = ask(server, f"download_job {jobs[0]}")

    assert (small.payload, len(small.content)) == ({"job_id": jobs[0]}, 4)
    url = f"flare-sim://simulated_project/{jobs[0]}"
    assert large.payload == {"job_id": jobs[0], "job_download_url": url}
    assert large.content == ()

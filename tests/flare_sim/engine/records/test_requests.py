"""What clients asked: kept in their order, however often and how evenly it was, and found by what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flare_sim import Command, InternalError, JobNotFound, NoConnection, RequestRecord, Requests, SimulatedServer
from flare_sim.untrusted_values import shown
from tests.flare_sim.job_samples import START, behaving, definition

if TYPE_CHECKING:
    from pathlib import Path

ADMIN, LEAD = "admin@nvidia.com", "lead@nvidia.com"


def test_what_reaches_the_server_is_told(server: SimulatedServer) -> None:
    """Who asked, when, for what and about which job; the one that came of a submission, and what was refused, too."""
    admin, lead = server.connect(), server.connect(LEAD)
    job_id = lead.submit_definition(definition())
    server.advance(2)
    admin.list_jobs()
    admin.clone_job(job_id)
    admin.delete_job(job_id)
    with pytest.raises(JobNotFound):
        lead.get_job_meta("no-such-job")

    assert [(record.seconds - START / 1e6, *record[1:]) for record in server.requests] == [
        (0, LEAD, "submit_job", job_id),
        (2, ADMIN, "list_jobs", ""),
        (2, ADMIN, "clone_job", job_id),
        (2, ADMIN, "delete_job", job_id),
        (server.clock.time() - START / 1e6, LEAD, "get_job_meta", "no-such-job"),
    ]
    assert server.requests.of("get_job_meta")[0].command == "get_job_meta"
    assert repr(server.requests).startswith("<Requests: 1 'submit_job', 1 'list_jobs', ")


def test_each_submission_is_about_the_job_that_came_of_it(server: SimulatedServer) -> None:
    """However alike they are; what is asked about one job after another, too."""
    session = server.connect()
    ids = [session.submit_definition(definition()) for _ in range(3)]
    clones = [session.clone_job(ids[0]) for _ in range(2)]
    for job_id in (*ids, *clones):
        session.get_job_meta(job_id)

    assert [record.job_id for record in server.requests.of("submit_job")] == ids
    assert [record.job_id for record in server.requests.of("clone_job")] == [ids[0]] * 2
    assert [record.job_id for record in server.requests.of("get_job_meta")] == [*ids, *clones]


def test_what_does_not_reach_the_server_is_not_told(server: SimulatedServer) -> None:
    """As it can't be reached, or knows no such login; a server that is unwell was asked all the same."""
    session = server.connect()
    server.faults.partition()
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.faults.repair()
    server.request(server.login(LEAD)._replace(number=99), Command("list_jobs"))
    assert (list(server.requests), repr(server.requests)) == ([], "<Requests: none>")
    server.faults.malfunction()
    with pytest.raises(InternalError):
        session.list_jobs()

    assert server.requests.counts == {"list_jobs": 1}


def test_every_look_of_a_monitor_is_a_request(server: SimulatedServer) -> None:
    """A day of them is kept as one; the last comes when the job is over."""
    session = server.connect()
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=86_400)))
    session.monitor_job(job_id)
    looks = server.requests.of("get_job_meta", user=ADMIN, job_id=job_id)

    assert (len(looks), len(server.requests), len(server.requests._rows)) == (43_202, 43_203, 2 * 2)
    assert [look.seconds - START / 1e6 for look in looks] == [2.0 * number for number in range(43_202)]


def test_requests_are_those_of_this_process(tmp_path: Path) -> None:
    """A server that goes on with a state has not been asked yet, whatever is in the file."""
    with SimulatedServer(state_file=tmp_path / "state") as server:
        job_id = server.submit(definition())
        assert server.requests.counts == {"submit_job": 1}
    with SimulatedServer(state_file=tmp_path / "state") as server:
        assert len(server.requests) == 0
        server.connect().abort_job(job_id)
        assert [record.job_id for record in server.requests.of("abort_job")] == [job_id]
        restored = SimulatedServer.restore(tmp_path / "state")

    assert len(restored.requests) == 0


@pytest.mark.parametrize(
    ("command", "more", "said"),
    [
        ("submitjob", {}, "there is no command 'submitjob'; did you mean 'submit_job'? There are 'abort_job', "),
        (None, {}, "there is no command None. There are 'abort_job', "),
        ("list_jobs", {"user": 3}, "user must be text, not 3"),
        ("list_jobs", {"job_id": [1]}, f"job_id must be text, not {shown([1])}"),
    ],
)
def test_what_cannot_be_asked_is_not_looked_for(
    server: SimulatedServer, command: Any, more: dict[str, Any], said: str
) -> None:
    """It is refused, instead of found nowhere."""
    assert server.requests.of("list_jobs", user="nobody") == []
    with pytest.raises(ValueError) as refused:  # noqa: PT011  (all of it is looked at)
        server.requests.of(command, **more)

    assert str(refused.value).startswith(said)


def test_a_command_that_there_is_not_is_found_once_it_was_asked_for(server: SimulatedServer) -> None:
    """What it was about is not known; of names without an end the beginning is kept."""
    login = server.login(LEAD)
    for name in ("bye", "x" * 9_999):
        server.request(login, Command(name, ("a",)))

    assert [record.job_id for record in server.requests.of("bye")] == [""]
    assert [len(name) for name in server.requests.counts] == [3, 1_000]


def test_many_commands_are_shown_in_a_line(server: SimulatedServer) -> None:
    """The first ten."""
    login = server.login(LEAD)
    for number in range(10):
        server.request(login, Command(f"no-{number}"))

    assert repr(server.requests).endswith(", 1 'no-9'>")
    server.request(login, Command("no-10"))
    assert repr(server.requests).endswith(", 1 'no-9' and more>")


def test_half_a_request_is_none() -> None:
    """What an exception left of one, wherever it came, is not told, and gives way to the next."""
    requests = Requests(("a",), str)
    requests.note(1, requests.code("ann", "a", ""))
    requests._rows.append(2)
    assert [record.seconds for record in requests] == [1e-6]
    assert (len(requests), requests.counts) == (1, {"a": 1})
    requests.note(3, requests.code("bob", "a", ""))

    assert [(record.seconds, record.user) for record in requests] == [(1e-6, "ann"), (3e-6, "bob")]


ASKED = st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(1, 3), st.integers(0, 2))


@given(st.lists(ASKED, max_size=40))
@example([(0, 1, 2, 1), (0, 1, 1, 0), (0, 2, 1, 0)])  # one that goes on a row, told as a row at another pace
def test_requests_come_out_as_they_went_in(asked: list[tuple[int, int, int, int]]) -> None:
    """Single ones and rows of them, alike or not, evenly apart or not, at the same time or not."""
    requests, model, now = Requests(("a", "b", "c"), str), list[RequestRecord](), 0
    for what, wait, count, apart in asked:
        now += wait
        requests.note_more(now, requests.code("ann", "abc"[what], None, what), count, apart)
        for number in range(count):
            now += apart if number else 0
            model.append(RequestRecord(now / 1e6, "ann", "abc"[what], str(what)))

    assert list(requests) == model
    assert len(requests) == sum(requests.counts.values()) == len(model)
    for name in "abc":
        assert requests.of(name) == [record for record in model if record.command == name]

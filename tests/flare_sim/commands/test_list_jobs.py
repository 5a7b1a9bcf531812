"""The command that lists jobs: options, order, what is shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import SimulatedServer
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Session

from tests.flare_sim.commands.command_lines import ask, meta

CHOICES: list[list[Any]] = [[(), ("-u",)], ["", "a", "f7", "zz"], ["", "j", "JOB-1", "job-11", "x"], [(), ("-r",)]]


@cache
def many_jobs(quirks: tuple[str, ...]) -> tuple[SimulatedServer, dict[str, str]]:
    """A server with more jobs than are looked through one by one, of two users; their names by their ids, in order."""
    server = SimulatedServer(quirks=quirks)
    users = "admin@nvidia.com", "lead@nvidia.com"
    names = [f"Job-{number % 40}" for number in range(80)]
    return server, {
        server.submit(definition(name=name), users[number % 2]): name.lower() for number, name in enumerate(names)
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("-u", [0, 2, 4]),
        ("-r", [4, 3, 2, 1, 0]),
        ("-m 2", [3, 4]),
        ("-m 2 -r", [4, 3]),
        ("-m 0", [0, 1, 2, 3, 4]),
        ("-n job-3", [3]),
        ("-n JOB", [0, 1, 2, 3, 4]),
        ("-n x", []),
        ("-d -u -m 1", [4]),
        ("zzz", []),
    ],
)
def test_a_list_is_filtered_as_asked(
    server: SimulatedServer, jobs: list[str], options: str, expected: list[int]
) -> None:
    """Options and prefixes choose and order as real servers do: the newest so many, prefixes in any case."""
    listed = meta(server, f"list_jobs {options}")["jobs"]

    assert [jobs.index(job["job_id"]) for job in listed] == expected


def test_a_list_takes_a_prefix_of_an_id(server: SimulatedServer, jobs: list[str]) -> None:
    """Jobs whose id begins so; in capitals no id begins."""
    assert [job["job_id"] for job in meta(server, f"list_jobs {jobs[2][:9]}")["jobs"]] == [jobs[2]]
    assert meta(server, f"list_jobs {jobs[2][:9].upper()}")["jobs"] == []


def test_a_whole_id_is_a_prefix_too(server: SimulatedServer, session: Session) -> None:
    """Of its job, and of others only where jobs bring ids of their own."""
    first, second = (session.submit_definition(definition()) for _ in range(2))

    assert [job["job_id"] for job in meta(server, f"list_jobs {second}")["jobs"]] == [second]
    assert meta(server, f"list_jobs -n other {first}")["jobs"] == []

    odd = SimulatedServer(quirks=["own-job-id-honoured"])
    for job_id in ("train", "train-1", "test"):
        odd.submit(definition(job_id=job_id))
    assert [job["job_id"] for job in meta(odd, "list_jobs train")["jobs"]] == ["train", "train-1"]


@pytest.mark.parametrize("options", ["-x", "a b", "-m", "-m x", "-m -1", "-n", "-m 1e9"])
def test_a_list_asked_for_badly_is_a_syntax_error(server: SimulatedServer, jobs: list[str], options: str) -> None:
    """An option that does not exist or lacks its value is refused."""
    assert meta(server, f"list_jobs {options}")["status"] == "syntax_error"


def test_a_list_asked_for_at_length_is_answered_in_short(server: SimulatedServer) -> None:
    """Of a word that it does not know it says eighty letters."""
    told = meta(server, f"list_jobs -{'x' * 80}")

    assert told == {"status": "syntax_error", "info": f"unrecognized arguments: -{'x' * 79}"}


@pytest.mark.parametrize("quirks", [(), ("negative-limit-drops-oldest", "ids-in-any-case")])
@given(data=st.data())
def test_options_choose_together_what_each_chooses(quirks: tuple[str, ...], data: st.DataObject) -> None:
    """Whose they are, how id and name begin, how many from the end, and in which order."""
    server, ids = many_jobs(quirks)
    mine, prefix, name, reverse = (data.draw(st.sampled_from(values)) for values in CHOICES)
    limit = data.draw(st.integers(-3 if quirks else 0, 12))
    chosen = [
        (job_id, title)
        for number, (job_id, title) in enumerate(ids.items())
        if (number % 2 == 0 or not mine) and job_id.startswith(prefix) and title.startswith(name.lower())
    ]
    line = " ".join(
        ("list_jobs", *mine, *reverse, prefix.upper() if quirks else prefix, *(("-n", name) if name else ()))
    )
    listed = [job["job_id"] for job in meta(server, f"{line} -m {limit}")["jobs"]]

    expected = [job_id for job_id, _ in (chosen[-limit:] if limit else chosen)]
    assert listed == (expected[::-1] if reverse else expected)


def test_an_empty_list_says_why(server: SimulatedServer, session: Session) -> None:
    """No job at all, or none that fits."""
    assert ask(server, "list_jobs").data[0] == ("string", "No jobs found.")
    session.submit_definition(definition())
    assert ask(server, "list_jobs zzz").data[0] == ("string", "No jobs matching the specified criteria.")


def test_a_plain_list_is_shown_as_a_table(server: SimulatedServer, jobs: list[str]) -> None:
    """A heading and a row per job."""
    rows = ask(server, "list_jobs").as_dict()["data"][0]["rows"]

    assert rows[0][0] == "JOB ID"
    assert [row[0] for row in rows[1:]] == jobs


def test_a_detailed_list_computes_the_duration_of_a_run(server: SimulatedServer, jobs: list[str]) -> None:
    """The meta says N/A until the end; a list computes how long it has run."""
    server.advance(3.15)
    listed = meta(server, "list_jobs -d")["jobs"][0]
    plain = meta(server, f"get_job_meta {jobs[0]}")["job_meta"]

    assert (listed["duration"], plain["duration"]) == ("0:00:02.000000", "N/A")
    assert {**listed, "duration": "N/A"} == plain


@pytest.mark.parametrize("write", [str.lower, str.upper])
def test_a_list_falls_over_the_names_it_looks_at_alone(write: Callable[[str], str]) -> None:
    """With that quirk: a job without a name matters where its id begins as asked, in capitals or not."""
    server = SimulatedServer(quirks=["nameless-job-breaks-name-prefix"])
    named, nameless = server.submit(definition()), server.submit(definition(name=...))

    assert meta(server, f"list_jobs -n small {write(nameless[:9])}")["status"] == "internal_error"
    assert [job["job_id"] for job in meta(server, f"list_jobs -n small {named[:9]}")["jobs"]] == [named]


def test_a_limit_has_as_many_digits_as_python_reads(server: SimulatedServer, jobs: list[str]) -> None:
    """One more is no number."""
    assert len(meta(server, f"list_jobs -m {'9' * 4300}")["jobs"]) == len(jobs)
    assert meta(server, f"list_jobs -m {'9' * 4301}") == {
        "status": "syntax_error",
        "info": f"argument -m: invalid int value: '{'9' * 80}'",
    }

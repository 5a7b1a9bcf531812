"""Quirks of lists and metas, each on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Command, JobBehavior, SimulatedServer
from tests.flare_sim.job_samples import definition, write_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

from tests.flare_sim.personality.one_quirk import a_server, ask, both, in_state


@both
def test_negative_limit_drops_oldest(on: bool) -> None:
    """So many of the oldest are left out, whatever the order; otherwise the limit is refused."""
    server = a_server("negative-limit-drops-oldest", on=on)
    jobs = [server.submit(definition()) for _ in range(3)]
    reply = ask(server, "list_jobs -m -1")
    if not on:
        assert reply.status == "syntax_error"
        return
    assert [job["job_id"] for job in reply.payload["jobs"]] == jobs[1:]
    assert [job["job_id"] for job in ask(server, "list_jobs -r -m -2").payload["jobs"]] == jobs[2:]


@both
def test_nameless_job_breaks_name_prefix(on: bool) -> None:
    """One job without a name, and nobody gets a list by name; other lists are fine."""
    server = a_server("nameless-job-breaks-name-prefix", on=on)
    assert ask(server, "list_jobs -n small").status == "ok"
    server.submit(definition(name=...))
    server.submit(definition())

    assert ask(server, "list_jobs -n small").status == ("internal_error" if on else "ok")
    assert len(ask(server, "list_jobs").payload["jobs"]) == 2


@both
def test_odd_name_breaks_list(tmp_path: Path, on: bool) -> None:
    """One job whose name is no text, and nobody gets any list; one without a name is no matter."""
    quirks = ("bad-meta-breaks-server", *(("odd-name-breaks-list",) if on else ()))
    server = SimulatedServer(quirks=quirks)
    session = server.connect()
    server.submit(definition(name=...))
    assert len(session.list_jobs()) == 1
    session.submit_job(write_job(tmp_path / "odd", name=[5]))

    for line in ("list_jobs", "list_jobs -d", "list_jobs -n odd", "list_jobs zzz"):
        reply = ask(server, line)
        assert (reply.status, "'list' object has no attribute" in reply.info) == (
            ("internal_error", True) if on else ("ok", False)
        )


def test_a_list_by_token_looks_at_no_name(tmp_path: Path) -> None:
    """Where one that is no text breaks every other list (2.9.0, by its code)."""
    server = SimulatedServer(quirks=("bad-meta-breaks-server", "odd-name-breaks-list", "submit-tokens-honoured"))
    server.connect().submit_job(write_job(tmp_path / "odd", name=[5]))
    named = server.request(
        server.login("admin@nvidia.com"), Command("submit_job", ("x", "--submit-token", "t"), definition())
    )
    assert ask(server, "list_jobs").status == "internal_error"

    listed = ask(server, "list_jobs --submit-token t").payload["jobs"]

    assert [job["job_id"] for job in listed] == [named.payload["job_id"]]


@both
def test_list_errors_are_internal(on: bool) -> None:
    """An option that makes no sense is an internal error, or a syntax error."""
    server = a_server("list-errors-are-internal", on=on)

    assert ask(server, "list_jobs -m True").status == ("internal_error" if on else "syntax_error")
    assert "invalid int value: 'True'" in ask(server, "list_jobs -m True").info
    assert ask(server, "list_jobs -n -d").info.endswith("argument -n: expected one argument")


@both
def test_list_errors_show_usage(on: bool) -> None:
    """What is said of a wrong option ends with the right ones, or with itself."""
    server = a_server("list-errors-show-usage", on=on)
    told = ask(server, "list_jobs -m True").info

    assert told.startswith("argument -m: invalid int value: 'True'")
    assert told.endswith("  -m M    Maximum number of jobs that will be listed\n") == on
    assert ("\nusage: list_jobs [-d] [-u] [-r] [-n N] [-m M] [job_id]\n\n" in told) == on


@both
@pytest.mark.parametrize(
    ("quirk", "expected"),
    [
        ("meta-has-study", lambda meta: meta.get("study") == "default"),
        ("meta-has-storage-format", lambda meta: meta.get("data_storage_format") == 2),
        ("start-time-in-utc", lambda meta: meta["start_time"].endswith("+00:00")),
        ("abnormal-run-has-duration", lambda meta: meta["duration"] != "N/A"),
    ],
)
def test_what_a_meta_says(quirk: str, expected: Callable[[dict[str, Any]], bool], on: bool) -> None:
    """A key more, or another form, in the meta and in the list that shows all of it."""
    server = a_server(quirk, on=on, behavior=JobBehavior(outcome="ABNORMAL"))
    session = server.connect()
    job_id = in_state(server, session, "FINISHED:ABNORMAL")

    assert expected(session.get_job_meta(job_id)) == on
    assert expected(session.list_jobs(True)[0]) == on
    line = session.list_jobs()[0]
    assert ("study" in line) == (on and quirk == "meta-has-study")
    assert (line["duration"] != "N/A") == (on and quirk == "abnormal-run-has-duration")

"""NVFLARE's own sessions, and scripts on them, in a scenario."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from nvflare.fuel.flare_api.api_spec import NoConnection
from nvflare.fuel.flare_api.flare_api import new_secure_session

from flare_sim import NthCall, Scenario
from flare_sim.nvflare import offline
from tests.nvflare.jobs import HELLO_JOB
from tests.nvflare.test_cli_offline import FETCH, SUBMITS, flare_sim, script

if TYPE_CHECKING:
    from pathlib import Path

USER, KIT = "admin@nvidia.com", "/no/such/kit"
UNREACHED = (NoConnection, ConnectionError)
"""What NVFLARE's session raises: its own, and 2.3.12's Python's."""


def test_offline_takes_one() -> None:
    """By its name, as a file, or as it is; other options go before it."""
    with offline(scenario=Scenario(clients=["a", {"name": "b", "joins": 5}]), seed=3) as server:
        session = new_secure_session(USER, KIT)
        server.advance(5)

        assert [client.name for client in session.get_system_info().client_info] == ["a", "b"]
        assert server.seed == 3


def test_a_reply_is_lost_on_its_way_to_nvflares_session() -> None:
    """The job is there, and the call has failed."""
    with offline(scenario="lost-reply") as server:
        session = new_secure_session(USER, KIT)
        with pytest.raises(UNREACHED):
            session.submit_job(HELLO_JOB)
        server.advance(10)

        assert [job["job_name"] for job in session.list_jobs()] == [server.jobs[0].name]


def test_calls_of_nvflares_sessions_are_counted() -> None:
    """Methods have the interface's names, as for any session."""
    with offline() as server:
        server.faults.partition(at_call=NthCall(2, of="get_system_info"))
        session = new_secure_session(USER, KIT)
        session.get_system_info()
        session.list_jobs()
        with pytest.raises(UNREACHED):
            session.get_system_info()


def test_a_script_runs_in_one(tmp_path: Path) -> None:
    """With options that go before it, and the time at which it begins."""
    clients = 'clients = ["a", { name = "b", joins = 5 }]'
    jobs = '[jobs."hello*"]\noutcome = "ABNORMAL"'
    (tmp_path / "late.toml").write_text(f"start = 2026-03-01T00:00:00Z\n{clients}\n{jobs}\n")
    told = str(tmp_path / "told.json")
    text = f"{SUBMITS}import time\nprint(int(time.time()) // 60)\njob = session.submit_job({HELLO_JOB!r})\n"
    text += "time.sleep(60)\nprint(len(session.get_system_info().client_info))\n"
    options = ("--scenario", str(tmp_path / "late.toml"), "--seed", "5", "--json", told)
    done = flare_sim("run-script", *options, script(tmp_path, text))

    assert (done.returncode, done.stdout.split()) == (0, ["29538720", "2"]), done.stderr
    with open(told, encoding="utf-8") as file:
        assert [job["status"] for job in json.load(file)["jobs"]] == ["FINISHED:ABNORMAL"]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("clients = 0\nfaults = 3", (), "line 2: faults: must be a list, not 3"),
        (
            '[[faults]]\nfault = "drop"\nclient = "site-2"',
            ("--clients", "1"),
            "do not fit: faults[0]: there is no client",
        ),
    ],
)
def test_one_that_makes_no_sense_is_wrong_usage(tmp_path: Path, text: str, options: tuple[str, ...], said: str) -> None:
    """Nothing has run then."""
    (tmp_path / "bad.toml").write_text(text)
    done = flare_sim("run-script", "--scenario", str(tmp_path / "bad.toml"), *options, FETCH, KIT, HELLO_JOB)

    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())

"""NVFLARE's own session, recorded as it is: in front of a simulated server, and in scripts that know nothing of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from flare_sim import SimulatedServer
from flare_sim.nvflare import connect, installed_release, offline
from flare_sim.recording import Recording, record, replay
from tests.flare_sim.cli.flare_sim_command import flare_sim
from tests.nvflare.jobs import ROOT

KIT = "no/such/startup/kit"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a recording goes."""
    return tmp_path / "calls.jsonl"


def test_a_session_is_recorded_on_the_clock_of_its_server(file: Path, job: str) -> None:
    """With the library and the user; for ``isinstance`` it is one of NVFLARE's, and callbacks are handed it."""
    from nvflare.fuel.flare_api.api_spec import JobNotFound, SessionSpec
    from nvflare.fuel.flare_api.flare_api import Session

    server = SimulatedServer()
    inner = connect(server, "lead@nvidia.com")
    with record(inner, file) as session:
        assert isinstance(session, Session)
        assert isinstance(session, SessionSpec)
        job_id = session.submit_job(job)
        began = server.clock.time()
        session.monitor_job(job_id, cb=lambda one, job_id, meta: one is session)
        took = server.clock.time() - began
        with pytest.raises(JobNotFound):
            session.get_job_meta("x")
        session.get_system_info()
        session.list_jobs(detailed=True)
        session.download_job_result(job_id)
    told = Recording.load(file)

    (one,) = told.sessions.values()
    assert (one.user, one.library, one.simulated) == ("lead@nvidia.com", f"nvflare {_version()}", True)
    assert [call.took for call in told.calls] == [0, took, 0, 0, 0, 0, 0]
    assert told.calls[1].outcome.returned == {"$type": "MonitorReturnCode", "name": "JOB_FINISHED"}
    assert str(replay(told)) == "7 calls replayed: 7 agree."
    assert str(replay(told, connect=lambda *given: connect(*given, at_once=True), texts=True)).endswith(" 7 agree.")


def test_sessions_of_a_script_are_recorded(file: Path, job: str) -> None:
    """However they are opened; what their own code calls is part of the call, and each call is there once."""
    from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

    class Mine(Session):  # type: ignore[misc]
        def submit_job(self, path: Any) -> Any:
            return super().submit_job(path)

    with offline(record=file):
        session = new_secure_session("admin@nvidia.com", KIT)
        seen: list[Any] = []

        def watch(one: Any, job_id: str, meta: dict[str, Any]) -> bool:
            seen.append(one)
            return True

        session.monitor_job(session.submit_job(job), cb=watch)
        mine = Mine("lead@nvidia.com", KIT)
        mine.try_connect(10)
        mine.submit_job(job)
        mine.close()
        session.close()
    told = Recording.load(file)

    assert set(seen) == {session}
    assert [one.type.rpartition(".")[2] for one in told.sessions.values()] == ["Session", "Mine"]
    assert [call.method for call in told.calls] == ["submit_job", "monitor_job", "submit_job", "close", "close"]
    assert replay(told, tolerance=0).agrees
    session.close()
    assert len(Recording.load(file).calls) == 5


def test_what_is_not_recorded_is_left_alone(file: Path) -> None:
    """Another offline, inside or beside, records nothing there; a decorator begins anew for each call."""
    from nvflare.fuel.flare_api.flare_api import new_secure_session

    @offline(record=file)
    def once() -> None:
        with offline():
            new_secure_session("admin@nvidia.com", KIT).list_jobs()
        new_secure_session("admin@nvidia.com", KIT).get_system_info()

    for _ in range(2):
        once()

    assert [call.method for call in Recording.load(file).calls] == ["get_system_info"]


def test_a_script_is_recorded_from_the_command_line(file: Path, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And replayed, with this package's sessions, or NVFLARE's own."""
    monkeypatch.setattr(sys, "argv", ["flare-sim"])
    script = str(ROOT / "examples" / "scripts" / "submit_and_fetch.py")
    ran = flare_sim("run-script", "--record", str(file), "--run-seconds", "600", script, KIT, job)

    assert ran.exit_code == 0, ran.output
    for words in ([], ["--nvflare", "--texts"]):
        told = flare_sim("replay", *words, str(file))
        assert (told.exit_code, told.output) == (0, f"{_count(file)} calls replayed: {_count(file)} agree.\n")


def test_a_recording_that_cannot_be_written_is_an_error(tmp_path: Path, job: str) -> None:
    """Exit code 4, with the file and the reason, before the script runs."""
    script = str(ROOT / "examples" / "scripts" / "submit_and_fetch.py")
    ran = flare_sim("run-script", "--record", str(tmp_path / "no" / "file"), script, KIT, job)

    assert ran.exit_code == 4
    assert ran.output == f"Error: can't write {tmp_path / 'no' / 'file'}: No such file or directory\n"


def test_nothing_of_a_startup_kit_is_in_a_recording(tmp_path: Path, file: Path, job: str) -> None:
    """Neither what it holds nor where it is."""
    from nvflare.fuel.flare_api.api_spec import InvalidJobDefinition
    from nvflare.fuel.flare_api.flare_api import new_secure_session

    from flare_sim.nvflare import write_kit

    kit = tmp_path / "very-private-kit"
    kit.mkdir()
    write_kit(str(kit), installed_release(), upload_dir=str(kit), download_dir=str(kit))
    with offline(record=file):
        session = new_secure_session("admin@nvidia.com", str(kit))
        session.submit_job(job)
        with pytest.raises(InvalidJobDefinition):
            session.submit_job(str(kit))
    text = file.read_text(encoding="ascii")

    assert str(tmp_path) not in text
    assert "BEGIN CERTIFICATE" not in text
    assert "fed_admin" not in text


def _version() -> str:
    from importlib.metadata import version

    return version("nvflare")


def _count(file: Path) -> int:
    return sum("call" in json.loads(line) for line in file.read_text(encoding="ascii").splitlines())

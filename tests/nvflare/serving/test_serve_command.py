"""The command ``flare-sim serve``: how it begins, what it says, and that nothing is left when it ends."""

from __future__ import annotations

import json
import signal
import socket
import stat
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from flare_sim import SimulatedServer
from flare_sim.serving.listener import bound
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.conftest import RELEASE
from tests.nvflare.serving.served import ADMIN, LONG, run_python, run_shell, serve, started
from tests.project.tree import ROOT, blocks


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"])
def test_it_ends_when_it_is_told_to_and_leaves_nothing(tmp_path: Path, number: int, code: int) -> None:
    """With a session open and a connection that says nothing, the process ends, and its files are gone."""
    with serve(tmp_path) as running:
        session = running.connect()
        session.list_jobs()
        assert running.stop(number) == code
        session.close()

    assert [*tmp_path.iterdir()] == []


def test_it_may_end_with_whoever_began_it(tmp_path: Path) -> None:
    """However that one ends: what it held of standard input is closed then."""
    program = """
        import os, sys, time
        from flare_sim.control import served

        with served() as system:
            print(system.port, flush=True)
            os.kill(os.getpid(), 9)
        """
    killed = run_python(program, PYTHONPATH=str(ROOT), TMPDIR=str(tmp_path))
    port, until = int(killed.stdout), time.monotonic() + LONG
    while time.monotonic() < until:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.1)
    else:
        pytest.fail("it still listens")
    assert killed.returncode == -9


def test_it_says_where_it_is_and_how_to_use_it(tmp_path: Path) -> None:
    """The address, a kit for each user, and lines that can be typed."""
    with serve(tmp_path, "--user", "data@hospital.org:member") as running:
        told = running.told
        running.stop()
        assert running.process.stdout is not None
        said = running.process.stdout.read()

    assert (told["format"], told["host"], told["release"]) == (1, "127.0.0.1", RELEASE)
    assert [*told["kits"]] == [*(user.name for user in SimulatedServer().users), "data@hospital.org"]
    assert f"Serving simulated_project to clients of NVFLARE {RELEASE} at 127.0.0.1:{running.port}\n" in said
    assert f"  member         {running.kits['data@hospital.org']}\n" in said
    assert f"new_secure_session('{ADMIN}', '{running.kits[ADMIN]}')\n" in said


def test_what_it_says_to_type_works_as_it_stands(tmp_path: Path) -> None:
    """The lines for a shell, which are those of the guide, and those for Python."""
    job = write_job(tmp_path / "small")
    with serve(tmp_path, "--progress", "immediate") as running:
        said = running.said()
        typed = [line.strip() for line in said[said.index("In Python:\n") + 1 :]]
        program = "\n".join([*typed, f"print(session.submit_job({job!r}))", "session.close()"])
        job_id = run_python(program).stdout.splitlines()[-1]
        lines = []
        if "In another terminal:\n" in said:
            lines = said[said.index("In another terminal:\n") + 1 : said.index("In Python:\n")]
        filled = [line.strip().replace("my-job", job).replace("JOB_ID", job_id) for line in lines]
        done = run_shell(*filled)
        jobs = run_python(program.replace(f"submit_job({job!r})", "list_jobs()")).stdout.splitlines()[-1]

    assert done.returncode == 0, done.stdout + done.stderr
    assert jobs.count("'job_id'") == 1 + any("submit" in line for line in filled)
    guide = [line for block in blocks("docs/serving.md") for line in block.text.splitlines()]
    beginnings = {line.split("=")[0] if "export" in line else " ".join(line.split()[:3]) for line in filled}
    assert [begin for begin in beginnings if not any(line.startswith(begin) for line in guide)] == []


def test_nobody_else_can_read_a_kit(tmp_path: Path) -> None:
    """Folders are 0700 and files 0600, from the top on."""
    with serve(tmp_path) as running:
        top = Path(running.kits[ADMIN]).parents[1]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (top, *top.rglob("*")) if path.is_dir()}
        files = {stat.S_IMODE(path.stat().st_mode) for path in top.rglob("*") if path.is_file()}

    assert (modes, files) == ({0o700}, {0o600})


def test_kits_can_be_kept(tmp_path: Path) -> None:
    """In a folder of one's own they stay, and are made anew the next time; what is no kit is not written over."""
    kits, temporary = tmp_path / "kits", tmp_path / "temporary"
    temporary.mkdir()
    for _ in range(2):
        with serve(temporary, "--kits", str(kits)) as running:
            assert running.kits[ADMIN] == str(kits / ADMIN)
            running.connect().close()
            running.stop()
        assert (kits / ADMIN / "startup" / "client.key").exists()
    (kits / ADMIN / "startup" / "fed_admin.json").unlink()
    with started(temporary, "--kits", str(kits)) as process:
        said = process.communicate(timeout=LONG)[1]

    assert (process.returncode, "is in the way of a startup kit" in said) == (1, True)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is said in a line, with exit code 1."""
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with started(tmp_path, port=port) as process:
            said = process.communicate(timeout=LONG)[1]

    assert (process.returncode, said) == (1, f"Error: can't serve at 127.0.0.1:{port}: Address already in use\n")
    assert [*tmp_path.iterdir()] == []


def test_every_address_is_warned_of(tmp_path: Path) -> None:
    """So is how its kits call the machine, where that is said."""
    with serve(tmp_path, "--host", "0.0.0.0", "--kit-host", "127.0.0.1") as running:
        running.connect().close()
        running.stop()
        assert running.process.stderr is not None
        said = running.process.stderr.read()

    assert said.startswith(f"Warning: whoever reaches 0.0.0.0:{running.port} reaches this server; ")


def test_a_job_can_be_there_already(tmp_path: Path) -> None:
    """It is submitted before anybody is let in; one that is refused is told of as `flare-sim check` tells it."""
    good, bad = write_job(tmp_path / "good"), write_job(tmp_path / "bad", deploy_map={"missing": ["@ALL"]})
    with serve(tmp_path, "--job", good, "--progress", "immediate") as running:
        session = running.connect()
        jobs = session.list_jobs()
        session.close()
    with started(tmp_path, "--job", bad) as process:
        said = process.communicate(timeout=LONG)[1]

    assert [one["job_name"] for one in jobs] == ["small"]
    assert (process.returncode, said.startswith("bad  "), "missing" in said) == (1, True, True)


def test_a_system_can_be_in_a_situation(tmp_path: Path) -> None:
    """Who is there, and when it begins, is what the scenario says; what is given goes before it."""
    scenario = tmp_path / "night.toml"
    scenario.write_text('title = "A night"\nstart = 2026-01-05T22:00:00Z\n[[clients]]\nname = "hospital-7"\n')
    with serve(tmp_path, "--scenario", str(scenario), "--user", "night@nvidia.com:lead") as running:
        session = running.connect("night@nvidia.com")
        info = session.get_system_info()
        session.close()

    assert [client.name for client in info.client_info] == ["hospital-7"]
    assert datetime.fromtimestamp(info.client_info[0].last_connect_time, timezone.utc).hour == 22


def test_a_system_is_gone_on_with(tmp_path: Path) -> None:
    """Jobs of before are there, and time does not go back; a file that is none is wrong usage."""
    state, job = str(tmp_path / "twin.flare"), write_job(tmp_path / "small")
    with serve(tmp_path, "--state", state, "--speed", "5000") as running:
        session = running.connect()
        job_id = session.submit_job(job)
        session.monitor_job(job_id, 60, 0.05)
        submitted = session.get_job_meta(job_id)["submit_time_iso"]
        session.close()
        assert running.stop() == 0
    with serve(tmp_path, "--state", state) as running:
        session = running.connect()
        meta = session.get_job_meta(job_id)
        again = session.clone_job(job_id)
        later = session.get_job_meta(again)["submit_time_iso"]
        session.close()
    (tmp_path / "none").write_text("garbage")
    with started(tmp_path, "--state", str(tmp_path / "none")) as process:
        process.communicate(timeout=LONG)

    assert (meta["submit_time_iso"], meta["status"]) == (submitted, "FINISHED:COMPLETED")
    assert later > submitted
    assert process.returncode == 2


def test_what_was_answered_can_be_seen(tmp_path: Path) -> None:
    """With --verbose a line for each command, and the trace and the timeline at the end, whatever ends it."""
    trace, page = tmp_path / "trace.jsonl", tmp_path / "page.html"
    with serve(tmp_path, "--verbose", "--trace", str(trace), "--timeline", str(page)) as running:
        session = running.connect()
        job_id = session.submit_job(write_job(tmp_path / "small"))
        session.close()
        assert running.stop(signal.SIGINT) == 130
        assert running.process.stderr is not None
        said = running.process.stderr.read()

    assert f"{ADMIN}: submit_job small: ok\n" in said
    assert job_id in trace.read_text()
    assert json.loads(trace.read_text().splitlines()[0])
    assert page.read_text().startswith("<!")


def test_kits_that_cannot_be_written(tmp_path: Path) -> None:
    """It is exit code 4, and says which file."""
    (tmp_path / "a file").write_text("")
    kits = tmp_path / "a file" / "kits"
    with started(tmp_path, "--kits", str(kits)) as process:
        said = process.communicate(timeout=LONG)[1]

    assert (process.returncode, said) == (4, f"Error: can't write {kits}: Not a directory\n")


@pytest.mark.parametrize("host", ["nowhere.invalid", "256.1.1.1", "a b", "::1", "x" * 300])
def test_an_address_that_is_none(tmp_path: Path, host: str) -> None:
    """It is a line that names it, with exit code 1."""
    with started(tmp_path, "--host", host) as process:
        said = process.communicate(timeout=LONG)[1]

    assert (process.returncode, len(said.splitlines())) == (1, 1)
    assert said.startswith("Error: ")
    assert [*tmp_path.iterdir()] == []


def test_a_ready_file_that_cannot_be_written(tmp_path: Path) -> None:
    """It is exit code 4, and nothing is left."""
    with started(tmp_path, "--ready-file", str(tmp_path / "missing" / "ready.json")) as process:
        said = process.communicate(timeout=LONG)[1]

    assert (process.returncode, said.startswith("Error: can't write ")) == (4, True)
    assert [*tmp_path.iterdir()] == []

"""What came of a replay is told in 80 columns: the call, what was recorded, what the simulator did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim import JobBehavior, SimulatedServer, make_job
from flare_sim.recording import Recorder, record, replay

if TYPE_CHECKING:
    from pathlib import Path

TOLD = """\
call 1 at 0.000 s: submit_job(<my-job>)
  made
    recorded   yes
    simulator  no: its session could not be opened: AuthenticationError: unknown
               user 'admin@nvidia.com'

call 2 at 0.000 s: get_job_meta("f7200b34...")
  made
    recorded   yes
    simulator  no: its session could not be opened: AuthenticationError: unknown
               user 'admin@nvidia.com'

call 3 at 0.000 s: close()
  made
    recorded   yes
    simulator  no: its session could not be opened: AuthenticationError: unknown
               user 'admin@nvidia.com'

3 calls replayed: 0 agree, 3 differ."""


def test_every_difference_is_told(tmp_path: Path) -> None:
    """Of an id the first letters, of a job its name."""
    with record(SimulatedServer().connect(), tmp_path / "calls.jsonl") as session:
        session.get_job_meta(session.submit_job(make_job(tmp_path / "my-job")))

    assert str(replay(tmp_path / "calls.jsonl", users=["ann"])) == TOLD


def test_no_line_is_longer_than_a_terminal_is_wide(tmp_path: Path) -> None:
    """Whatever is in it; whose call it is is told where there are several."""
    server = SimulatedServer()
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder:
        sessions = [recorder.record(server.connect(user)) for user in ("admin@nvidia.com", "lead@nvidia.com")]
        for number, session in enumerate(sessions):
            job = make_job(tmp_path / ("long-name-" * 12 + str(number)))
            session.monitor_job(session.submit_job(job), timeout=20, poll_interval=0.5, cb=lambda *seen: True)
            session.list_jobs(detailed=True)
            session.download_job_result(session.list_jobs()[0]["job_id"])
    told = str(replay(tmp_path / "calls.jsonl", personality="nvflare-2.9", behavior=JobBehavior(run_seconds=15)))

    assert max(map(len, told.splitlines())) == 80
    assert ", lead@nvidia.com: monitor_job(" in told
    assert "    simulator  " in told


def test_a_recording_that_is_cut_off_is_told(tmp_path: Path) -> None:
    """Below what came of it."""
    file = tmp_path / "calls.jsonl"
    with record(SimulatedServer().connect(), file) as session:
        session.list_jobs()
    file.write_bytes(file.read_bytes()[:-5])

    assert str(replay(file)).splitlines() == [
        "1 call replayed: 1 agree.",
        "The recording ends in a line that is not whole, which was left out.",
    ]

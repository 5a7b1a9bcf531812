"""What was recorded of a real system of NVFLARE 2.9.0, a POC system with two clients, comes out the same here.

In it a job is watched, looked at and downloaded, a wrong one is refused, two run at once in two threads, one of them
fails, the other is not deleted while it runs, and aborted; the first is cloned, and deleted.
"""

from __future__ import annotations

from pathlib import Path

from flare_sim.recording import replay

REAL = Path(__file__).parent / "real-2.9.0.jsonl"


def test_all_calls_of_a_real_system_agree() -> None:
    """On a server that is made as the recording tells, in front of which is a session of this package."""
    assert str(replay(REAL)) == "24 calls replayed: 24 agree."


def test_without_what_the_release_does_some_differ() -> None:
    """The contract's server deletes a job that runs, and its lists tell less."""
    told = replay(REAL, personality=None)

    assert {difference.method for difference in told.differences} > {"delete_job", "list_jobs"}

"""Wait for a job by asking again and again, with a deadline: what scripts do that do not use monitor_job.

python poll_by_hand.py STARTUP_KIT JOB_FOLDER
"""

from __future__ import annotations

import sys
import time

from nvflare.fuel.flare_api.flare_api import Session, new_secure_session


def wait(session: Session, job_id: str, hours: float) -> str | None:
    """Return the final status of a job, or None when it is not there in time."""
    deadline = time.time() + hours * 3600
    while time.time() < deadline:
        status = session.get_job_meta(job_id)["status"]
        if status.startswith("FINISHED"):
            return status
        time.sleep(30)
    return None


def main(kit: str, job_folder: str) -> int:
    """Submit and wait for up to six hours; returns the exit code."""
    session = new_secure_session("admin@nvidia.com", kit)
    job_id = session.submit_job(job_folder)
    status = wait(session, job_id, hours=6)
    session.close()
    print(status)
    return 0 if status == "FINISHED:COMPLETED" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

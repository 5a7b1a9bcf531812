"""Submit a job, follow it to its end, fetch what it made, and tidy up: an ordinary script of an application.

    python submit_and_fetch.py STARTUP_KIT JOB_FOLDER
    flare-sim run-script submit_and_fetch.py STARTUP_KIT JOB_FOLDER      the same, with no server

It knows nothing of simulators: it uses what the FLARE API documents, and nothing else.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

SHOWN: dict[str, str] = {}


def show(session: Session, job_id: str, job_meta: dict[str, Any], *cb_args: Any, **cb_kwargs: Any) -> bool:
    """Print a job's status whenever it changes; asked after every poll."""
    if SHOWN.get(job_id) != job_meta["status"]:
        SHOWN[job_id] = job_meta["status"]
        print(f"{job_id}: {job_meta['status']}")
    return True


def main(kit: str, job_folder: str) -> int:
    """Do it all; returns the exit code."""
    session = new_secure_session("admin@nvidia.com", kit)
    try:
        system = session.get_system_info()
        print("clients:", ", ".join(sorted(client.name for client in system.client_info)))

        job_id = session.submit_job(os.path.abspath(job_folder))
        ended = session.monitor_job(job_id, timeout=7200, poll_interval=10, cb=show)
        print("monitor:", ended.name)
        result = session.download_job_result(job_id)
        print("result:", ", ".join(sorted(os.listdir(result))))

        second = session.clone_job(job_id)
        print("jobs:", len(session.list_jobs()))
        session.abort_job(second)
        session.monitor_job(second, cb=show)
        session.delete_job(second)
        session.delete_job(job_id)
        print("jobs:", len(session.list_jobs()))
    finally:
        session.close()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: submit_and_fetch.py STARTUP_KIT JOB_FOLDER")
    sys.exit(main(*sys.argv[1:]))

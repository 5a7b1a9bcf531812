"""What NVFLARE's notebook on its FLARE API does (``examples/tutorials/flare_api.ipynb``), cell by cell, in our words.

Its system is provisioned and started by scripts; here ``KIT`` is a startup kit of a served one. Its job is a folder
below the kit's ``transfer``, so that the path is a relative one.
"""

from __future__ import annotations

from textwrap import dedent
from typing import Any

__all__ = ["CELLS", "notebook"]

CELLS = (
    """
    from nvflare.fuel.flare_api.flare_api import new_secure_session

    user = "admin@nvidia.com"
    session = new_secure_session(username=user, startup_kit_location=KIT)
    print(session.get_system_info())
    """,
    """
    ! cp -r {JOB} {KIT}/transfer/
    ! ls {KIT}/transfer
    """,
    """
    job_id = session.submit_job("hello-job")
    print(job_id, "is submitted")
    """,
    """
    def tell(session, job_id, meta, *args, **named):
        counter = named["counter"]
        counter["calls"] += 1
        print(meta["status"] if counter["calls"] < 4 else ".", end=" ")
        return True

    counter = {"calls": 0}
    print(session.monitor_job(job_id, cb=tell, counter=counter).name, counter["calls"] > 0)
    """,
    """
    print(session.get_job_meta(job_id)["status"])
    """,
    """
    import json

    print(json.dumps(session.list_jobs(), sort_keys=True, indent=2))
    print(json.dumps(session.list_jobs(detailed=True), sort_keys=True, indent=2))
    """,
    """
    print(session.download_job_result(job_id))
    """,
    """
    again = session.clone_job(job_id)
    print(again)
    """,
    """
    print(session.abort_job(again))
    """,
    """
    session.delete_job(job_id)
    print([job["job_id"] for job in session.list_jobs()] == [again])
    """,
    """
    print(session.api.do_command("list_sp"))
    """,
    """
    session.close()
    """,
)
"""The text of each cell."""


def notebook(kit: str, job: str) -> dict[str, Any]:
    """Return the notebook, for a startup kit and a job folder."""
    plain: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    texts = [f"KIT, JOB = {kit!r}, {job!r}", *(dedent(text).strip() for text in CELLS)]
    cells = [{**plain, "id": f"cell-{number}", "source": text} for number, text in enumerate(texts)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

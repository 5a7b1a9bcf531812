"""A small web service in front of a FLARE system, as people write them: one session, a route for each call.

    FLARE_KIT=/path/to/admin@nvidia.com uvicorn service:app

It knows nothing of simulators; ``test_service.py`` tries all of it without a server.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from nvflare.fuel.flare_api.api_spec import (
    AuthorizationError,
    InternalError,
    InvalidJobDefinition,
    JobNotDone,
    JobNotFound,
    NoConnection,
    SessionClosed,
)
from nvflare.fuel.flare_api.flare_api import new_secure_session
from pydantic import BaseModel

HTTP_STATUS = {
    JobNotFound: 404,
    AuthorizationError: 403,
    InvalidJobDefinition: 422,
    JobNotDone: 409,
    NoConnection: 503,
    ConnectionError: 503,  # where 2.8 and later say NoConnection
    SessionClosed: 503,
    InternalError: 502,
}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the session when the service starts, close it when it stops."""
    app.state.session = new_secure_session("admin@nvidia.com", os.environ["FLARE_KIT"])
    yield
    app.state.session.close()


app = FastAPI(lifespan=lifespan)


class Submission(BaseModel):
    """Which job to submit."""

    folder: str


def call(request: Request, method: str, *args: Any, **kwargs: Any) -> Any:
    """Call a method of the session; what it raises becomes an HTTP status."""
    try:
        return getattr(request.app.state.session, method)(*args, **kwargs)
    except tuple(HTTP_STATUS) as problem:
        raise HTTPException(HTTP_STATUS[type(problem)], str(problem)) from problem


@app.post("/jobs", status_code=201)
def submit(request: Request, submission: Submission) -> Any:
    """Submit a job folder."""
    return {"job_id": call(request, "submit_job", submission.folder)}


@app.get("/jobs")
def jobs(request: Request) -> Any:
    """List all jobs."""
    return call(request, "list_jobs")


@app.get("/jobs/{job_id}")
def meta(request: Request, job_id: str) -> Any:
    """Look at one job."""
    return call(request, "get_job_meta", job_id)


@app.post("/jobs/{job_id}/wait")
def wait(request: Request, job_id: str, timeout: float = 0) -> Any:
    """Return when the job is done, or the time is up."""
    return {"ended": call(request, "monitor_job", job_id, timeout=timeout).name}


@app.get("/jobs/{job_id}/result")
def result(request: Request, job_id: str) -> Any:
    """Fetch the result; tells where it is."""
    return {"folder": call(request, "download_job_result", job_id)}


@app.post("/jobs/{job_id}/clone", status_code=201)
def clone(request: Request, job_id: str) -> Any:
    """Submit the same job again."""
    return {"job_id": call(request, "clone_job", job_id)}


@app.post("/jobs/{job_id}/abort", status_code=204)
def abort(request: Request, job_id: str) -> None:
    """Stop a job."""
    call(request, "abort_job", job_id)


@app.delete("/jobs/{job_id}", status_code=204)
def delete(request: Request, job_id: str) -> None:
    """Delete a job."""
    call(request, "delete_job", job_id)


@app.get("/system")
def system(request: Request) -> Any:
    """Tell how the system is."""
    info = call(request, "get_system_info")
    return {
        "server": info.server_info.status,
        "clients": [client.name for client in info.client_info],
        "jobs": [job.job_id for job in info.job_info],
    }

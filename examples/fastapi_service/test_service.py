"""The service in ``service.py``, tried without a FLARE system: the fixture ``flare_offline`` is all it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import service
from fastapi.testclient import TestClient

from flare_sim import JobBehavior, SimulatedServer

JOB = str(Path(__file__).resolve().parents[1] / "hello-job")


@pytest.fixture
def flare_offline_options() -> dict[str, Any]:
    """Every job runs for two hours."""
    return {"behavior": JobBehavior(run_seconds=7200)}


@pytest.fixture
def client(flare_offline: SimulatedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A browser, as it were."""
    monkeypatch.setenv("FLARE_KIT", "/no/such/kit")
    with TestClient(service.app) as client:
        yield client


def submitted(client: TestClient) -> str:
    """The id of a job that was just submitted."""
    answer = client.post("/jobs", json={"folder": JOB})
    assert answer.status_code == 201
    job_id: str = answer.json()["job_id"]
    return job_id


def test_a_job_from_beginning_to_end(client: TestClient, flare_offline: SimulatedServer) -> None:
    """Submitted, listed, looked at, waited for, fetched and deleted."""
    job_id = submitted(client)

    assert [job["job_id"] for job in client.get("/jobs").json()] == [job_id]
    assert client.get(f"/jobs/{job_id}").json()["status"] == "SUBMITTED"
    assert client.post(f"/jobs/{job_id}/wait", params={"timeout": 60}).json() == {"ended": "TIMEOUT"}
    assert client.get("/system").json()["jobs"] == [job_id]
    assert client.post(f"/jobs/{job_id}/wait").json() == {"ended": "JOB_FINISHED"}
    assert Path(client.get(f"/jobs/{job_id}/result").json()["folder"]).is_dir()
    assert client.delete(f"/jobs/{job_id}").status_code == 204
    assert flare_offline.jobs == ()


def test_a_job_that_is_stopped(client: TestClient) -> None:
    """Aborted, and cloned afterwards."""
    job_id = submitted(client)

    assert client.post(f"/jobs/{job_id}/abort").status_code == 204
    client.post(f"/jobs/{job_id}/wait")
    assert client.get(f"/jobs/{job_id}").json()["status"] == "FINISHED:ABORTED"
    assert client.post(f"/jobs/{job_id}/clone").status_code == 201


def test_the_system(client: TestClient, flare_offline: SimulatedServer) -> None:
    """Its clients are the simulated ones."""
    assert client.get("/system").json()["clients"] == ["site-1", "site-2"]


@pytest.mark.parametrize(
    "call", ["get /jobs/none", "post /jobs/none/abort", "delete /jobs/none", "get /jobs/none/result"]
)
def test_a_job_that_is_not_there(client: TestClient, call: str) -> None:
    """Is 404 for every route."""
    method, path = call.split()

    assert client.request(method, path).status_code == 404


def test_a_folder_that_is_no_job(client: TestClient, tmp_path: Path) -> None:
    """Is refused, and nothing is submitted."""
    assert client.post("/jobs", json={"folder": str(tmp_path / "none")}).status_code == 422
    assert client.get("/jobs").json() == []


def test_a_server_that_is_gone(client: TestClient, flare_offline: SimulatedServer) -> None:
    """Every route answers while the server can't be reached, and works again when it can."""
    flare_offline.faults.partition()
    assert client.get("/jobs").status_code >= 500

    flare_offline.faults.repair()
    assert client.get("/jobs").status_code == 200

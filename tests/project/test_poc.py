"""The live systems, as far as they can be tried without one: configuration, jobs, the door, arguments."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed
from tests.poc import jobs, releases, run
from tests.poc.door import Door, free_ports
from tests.project.test_environments import tox
from tests.project.tree import ROOT


def test_free_ports_are_free() -> None:
    """As many as are asked for, no two the same, and each can be listened on."""
    ports = free_ports(3)

    assert len(set(ports)) == 3
    for port in ports:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))


# --- configuration ----------------------------------------------------------------------------------------------------


def held(path: Path) -> Any:
    """What is in a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, content: object) -> None:
    """Write a file, JSON unless it is text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def test_a_project_has_one_server_both_clients_and_every_user() -> None:
    """The port is the server's, the roles are the users'."""
    project = json.loads(releases.project_text(4711, releases.ROLES))
    by_type = {kind: [one for one in project["participants"] if one["type"] == kind] for kind in ("server", "client")}
    admins = {one["name"]: one["role"] for one in project["participants"] if one["type"] == "admin"}

    assert [one["fed_learn_port"] for one in by_type["server"]] == [4711]
    assert [one["name"] for one in by_type["client"]] == list(releases.CLIENTS)
    assert admins == releases.ROLES
    assert set(releases.RELEASES["2.9"].users) < set(admins)


def test_the_server_of_29_is_told_to_listen_on_this_machine_alone(tmp_path: Path) -> None:
    """It keeps its port; sessions are sent through the door, whoever they are of."""
    write(tmp_path / "server/startup/fed_server.json", {"servers": [{"service": {"target": "server:8002"}}]})
    for user in releases.ROLES:
        write(tmp_path / user / "startup/fed_admin.json", {"admin": {"host": "server", "port": 8002, "kept": 1}})

    releases.rewrite_29(tmp_path, (1111,), 2222)

    target = held(tmp_path / "server/startup/fed_server.json")["servers"][0]["service"]["target"]
    assert target == "localhost:1111"
    for user in releases.ROLES:
        admin = held(tmp_path / user / "startup/fed_admin.json")["admin"]
        assert admin == {"host": "localhost", "port": 2222, "kept": 1}


def test_all_of_23_learn_the_ports(tmp_path: Path) -> None:
    """The server and both clients, in their start scripts too; the administrator's kit leads through the door."""
    agent = {"overseer_agent": {"args": {"sp_end_point": "localhost:8002:8003"}}}
    servers = [{"service": {"target": "localhost:8002"}, "admin_port": 8003}]
    write(tmp_path / "server/startup/fed_server.json", {"servers": servers, **agent})
    write(tmp_path / "admin/startup/fed_admin.json", {"admin": agent})
    for name in releases.CLIENTS:
        write(tmp_path / name / "startup/fed_client.json", agent)
        write(tmp_path / name / "startup/start.sh", "sp_end_point=localhost:8002:8003\n")

    releases.rewrite_23(tmp_path, (1111, 2222), 3333)

    server = held(tmp_path / "server/startup/fed_server.json")["servers"][0]
    assert (server["service"]["target"], server["admin_port"]) == ("localhost:1111", 2222)
    admin = held(tmp_path / "admin/startup/fed_admin.json")["admin"]
    assert admin["overseer_agent"]["args"]["sp_end_point"] == "localhost:1111:3333"
    told = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert [text for text in told if "8002" in text or "8003" in text] == []


# --- jobs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "arguments"),
    [
        (JobPlan(), {"seconds": 0.0, "mark": "", "ends": "COMPLETED"}),
        (JobPlan(runs=2.5, mark="x"), {"seconds": 2.5, "mark": "x", "ends": "COMPLETED"}),
        (JobPlan(ends="EXECUTION_EXCEPTION"), {"seconds": 0.0, "mark": "", "ends": "EXECUTION_EXCEPTION"}),
    ],
)
def test_a_plan_becomes_the_arguments_of_a_workflow(plan: JobPlan, arguments: dict[str, Any]) -> None:
    """How long it runs, what it leaves behind, how it ends."""
    assert jobs.workload(plan, "server") == arguments


@pytest.mark.parametrize("plan", [JobPlan(dispatches=3.0), JobPlan(ends="FAILED_TO_RUN"), JobPlan(oversize=True)])
def test_what_no_job_can_bring_about_is_not_claimed(plan: JobPlan) -> None:
    """It is said so before anything is written."""
    with pytest.raises(NotClaimed):
        jobs.job_folder(plan, "server")


@pytest.mark.parametrize("number", list(releases.RELEASES))
@pytest.mark.parametrize("ends", ["COMPLETED", "ABNORMAL"])
def test_a_job_is_complete(number: str, ends: str, tmp_path: Path) -> None:
    """It has its own code, a workflow out of it, and something to run for clients, but where that is to be missing."""
    abnormal = releases.RELEASES[number].abnormal
    jobs.write_job(tmp_path / "job", JobPlan(ends=ends), abnormal)
    config = tmp_path / "job/app/config"
    (workflow,) = held(config / "config_fed_server.json")["workflows"]
    executors = held(config / "config_fed_client.json")["executors"]

    assert workflow["path"] == f"{jobs.MODULE}.Workload"
    assert (tmp_path / "job/app/custom" / f"{jobs.MODULE}.py").read_text() == jobs.WORKLOAD.read_text()
    by_client = (ends, abnormal) == ("ABNORMAL", "client")
    assert workflow["args"]["ends"] == ("COMPLETED" if by_client else ends)
    assert len(executors) == (0 if by_client else 1)


@pytest.mark.parametrize(
    ("plan", "sites"),
    [
        (JobPlan(), ["server", "site-1"]),
        (JobPlan(min_clients=2), ["@ALL"]),
        (JobPlan(mandatory_clients=("site-2",)), ["@ALL"]),
        (JobPlan(waits=True), ["@ALL"]),
    ],
)
def test_a_job_goes_where_it_is_needed(plan: JobPlan, sites: list[str], tmp_path: Path) -> None:
    """One client is enough, unless the plan asks for more."""
    jobs.write_job(tmp_path / "job", plan, "server")

    assert held(tmp_path / "job/meta.json")["deploy_map"] == {"app": sites}


# --- the door ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Any:
    """A port of this machine that answers nothing, and its socket."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(30)
        yield listener


def test_an_open_door_hands_on_what_comes_from_either_side(server: socket.socket) -> None:
    """And the end of it, too."""
    door = Door(server.getsockname()[1])
    with socket.create_connection(("127.0.0.1", door.port), timeout=30) as outside:
        inside, _ = server.accept()
        with inside:
            inside.settimeout(30)
            outside.sendall(b"question")
            assert inside.recv(64) == b"question"
            inside.sendall(b"answer")
            assert outside.recv(64) == b"answer"
            outside.shutdown(socket.SHUT_WR)
            assert inside.recv(64) == b""
    door.close()


def test_a_closed_door_lets_nobody_in_and_ends_what_there_was(server: socket.socket) -> None:
    """Opened again it is where it was."""
    door = Door(server.getsockname()[1])
    port = door.port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as outside:
        inside, _ = server.accept()
        door.close()
        assert not door.is_open
        assert inside.recv(64) == b""
        assert outside.recv(64) == b""
        inside.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=30)

    door.open()

    assert (door.is_open, door.port) == (True, port)
    with socket.create_connection(("127.0.0.1", port), timeout=30):
        server.accept()[0].close()
    door.close()


def test_a_door_waits_for_those_who_were_cut_off(server: socket.socket) -> None:
    """It waits no longer once they are back, and not at all when there were none."""
    door = Door(server.getsockname()[1])
    door.wait(1e9)
    with socket.create_connection(("127.0.0.1", door.port), timeout=30):
        first, _ = server.accept()
        door.close()
        door.open()
        with socket.create_connection(("127.0.0.1", door.port), timeout=30):
            second, _ = server.accept()
            door.wait(1e9)
            second.close()
        first.close()
    door.close()


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "seconds"),
    [([], run.BUDGET), (["--budget", "90"], 90.0), (["-q", "--budget=7.5"], 7.5), (["--seed", "3"], run.BUDGET)],
)
def test_the_budget_is_what_the_options_say(options: list[str], seconds: float) -> None:
    """In either spelling."""
    assert run.budget(options) == seconds


def test_a_run_writes_its_report_with_versions_and_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options come last and so have the last word, and all of them exist."""
    monkeypatch.setattr(run, "version", lambda name: "2.9.7")
    given = run.arguments("2.9", ["--seed", "5"], dt.date(2030, 1, 2), Path("here/report.json"))
    known = {name for option in main.commands["run"].params for name in option.opts}

    assert given[:2] == ["run", "tests.poc.system:Nvflare29"]
    assert given[-4:] == ["--json", str(Path("here/report.json")), "--seed", "5"]
    assert {"NVFLARE=2.9.7", "date=2030-01-02", "budget=600 s"} <= set(given)
    assert {word for word in given if word.startswith("--")} <= known


def test_what_a_run_found_is_kept_with_the_results_of_all_releases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The report of a live system becomes its results and its page, by the release it is of."""
    folder = tmp_path / "conformance"
    shutil.copytree(ROOT / "docs" / "conformance", folder, ignore=shutil.ignore_patterns("found", "pages"))
    for made in ("found", "pages"):
        (folder / made).mkdir()
    monkeypatch.setattr(run, "MAKE", folder / "make.py")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    report = tmp_path / "report.json"
    system = "contract_tests.reference:SimulatedSystem"
    CliRunner().invoke(main, ["run", system, "--clause", "shape", "--repro", "", "--json", str(report)])

    run.keep("2.9", report)

    assert [path.name for path in (folder / "found").iterdir()] == ["poc-2.9.json"]
    assert "**partial**" in (folder / "pages" / "poc-2.9.md").read_text(encoding="utf-8")


def test_every_release_has_its_environment() -> None:
    """There is one for each of them, with its own NVFLARE; none of them runs by default."""
    environments = tox()

    assert f"testenv:poc{{{','.join(release.replace('.', '') for release in releases.RELEASES)}}}" in environments
    assert "poc" not in environments["tox"]["env_list"]

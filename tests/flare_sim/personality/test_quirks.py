"""Quirks one by one: on, and its effect is there; off, and it is not. Personalities are sets of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import (
    PERSONALITIES,
    QUIRKS,
    AuthenticationError,
    Command,
    InternalError,
    InvalidJobDefinition,
    JobBehavior,
    JobNotDone,
    JobNotFound,
    NoConnection,
    Reply,
    ServerConfig,
    Session,
    SessionClosed,
    SimulatedServer,
)
from flare_sim.personality import quirks
from tests.flare_sim.job_samples import APP_FILES, definition, write_files, write_job

if TYPE_CHECKING:
    from collections.abc import Callable

both = pytest.mark.parametrize("on", [True, False], ids=["on", "off"])


def a_server(quirk: str, *, on: bool, **options: Any) -> SimulatedServer:
    """A server with one quirk, or with none."""
    return SimulatedServer(quirks=(quirk,) if on else (), **options)


def ask(server: SimulatedServer, line: str) -> Reply:
    """Send a command line as the administrator."""
    return server.request(server.login("admin@nvidia.com"), Command.parse(line))


def in_state(server: SimulatedServer, session: Session, status: str, **changes: Any) -> str:
    """A job that has just come to a status."""
    job_id = session.submit_definition(definition(**changes))
    while session.get_job_meta(job_id)["status"] != status:
        server.advance(0.05)
    return job_id


def status_of(session: Session, job_id: str) -> str:
    """The status of a job."""
    status: str = session.get_job_meta(job_id)["status"]
    return status


# Names.


def test_every_quirk_is_used() -> None:
    """A quirk in the table is looked for by the simulator, and belongs to a release."""
    modules = [path for path in Path(quirks.__file__).parents[1].rglob("*.py") if path.name != "quirks.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    constants = {value: name for name, value in vars(quirks).items() if isinstance(value, str)}
    for quirk in QUIRKS.values():
        assert f"{constants[quirk.name]} in " in code or f"{constants[quirk.name]} not in " in code, quirk.name
        assert any(quirk.name in known.quirks for known in PERSONALITIES.values()), quirk.name


def test_a_personality_is_made_of_known_quirks() -> None:
    """Nothing in a personality is not in the table, and each says what it is and where it was seen."""
    for name, known in PERSONALITIES.items():
        assert known.name == name
        assert not known.quirks - QUIRKS.keys()
    for name, quirk in QUIRKS.items():
        assert quirk.name == name
        assert quirk.story
        assert "2.3.12" in quirk.source or "2.9.0" in quirk.source


@pytest.mark.parametrize("name", ["nvflare-1.0", "", 3, ["nvflare-2.3"]])
def test_an_unknown_personality_is_refused(name: Any) -> None:
    """One error that lists those there are."""
    with pytest.raises(ValueError, match=r"there is no personality .*known: nvflare-2\.3, nvflare-2\.9"):
        SimulatedServer(personality=name)


@pytest.mark.parametrize("quirks", [("abort-lingers", "no-such"), "no-such", [3], [["abort-lingers"]]])
def test_an_unknown_quirk_is_refused(quirks: Any) -> None:
    """One error that names it and lists those there are."""
    with pytest.raises(ValueError, match=r"there is no quirk .*known: delete-refused-while-running, "):
        SimulatedServer(quirks=quirks)


def test_quirks_come_on_top_of_a_personality() -> None:
    """A server has the quirks of its personality and those given besides; none unless asked for."""
    server = SimulatedServer(personality="nvflare-2.3", quirks=("abort-lingers",))

    assert server.quirks == PERSONALITIES["nvflare-2.3"].quirks | {"abort-lingers"}
    assert SimulatedServer(quirks="abort-lingers").quirks == {"abort-lingers"}
    assert SimulatedServer().quirks == frozenset()


def test_a_server_says_which_release_it_is() -> None:
    """The release of its personality, where it is asked."""
    for known in PERSONALITIES.values():
        reply = ask(SimulatedServer(personality=known.name), "report_version server")
        assert reply.data == (("dict", {"server": {"version": known.release}}),)


# Jobs that are under way.


@both
@pytest.mark.parametrize("status", ["DISPATCHED", "RUNNING"])
def test_delete_refused_while_running(status: str, on: bool) -> None:
    """The job goes on, or is stopped and gone."""
    server = a_server("delete-refused-while-running", on=on)
    session = server.connect()
    job_id = in_state(server, session, status)
    if not on:
        session.delete_job(job_id)
        assert session.list_jobs() == []
        return
    with pytest.raises(JobNotDone, match=job_id):
        session.delete_job(job_id)
    server.run_until_idle()

    assert status_of(session, job_id) == "FINISHED:COMPLETED"
    session.delete_job(job_id)


@both
def test_abort_lost_before_running(on: bool) -> None:
    """Dispatched, a job looks aborted and runs all the same; a second abort, once it runs, works."""
    server = a_server("abort-lost-before-running", on=on)
    session = server.connect()
    job_id = in_state(server, session, "DISPATCHED")
    session.abort_job(job_id)
    claimed = session.get_job_meta(job_id)
    again = ask(server, f"abort_job {job_id}")
    server.advance(1)

    assert (claimed["status"], claimed["start_time"], claimed["duration"]) == ("FINISHED:ABORTED", "", "N/A")
    assert session.list_jobs()[0]["status"] == ("RUNNING" if on else "FINISHED:ABORTED")
    assert again.info == f"Job for {job_id} is already completed."
    session.abort_job(job_id)
    assert status_of(session, job_id) == "FINISHED:ABORTED"


def test_an_abort_is_lost_while_deployed_too() -> None:
    """The next status takes the place of the one the abort left."""
    server = SimulatedServer(quirks=("abort-lost-before-running",), config=ServerConfig(deploy_seconds=1))
    session = server.connect()
    job_id = session.submit_definition(definition())
    server.advance(1.5)
    session.abort_job(job_id)
    statuses = [status_of(session, job_id)]
    for _ in range(20):
        server.advance(0.05)
        if status_of(session, job_id) != statuses[-1]:
            statuses.append(status_of(session, job_id))

    assert statuses == ["FINISHED:ABORTED", "DISPATCHED", "RUNNING"]


def test_a_job_whose_abort_was_lost_can_be_deleted() -> None:
    """It looks finished, so it may be deleted, and then it is gone."""
    server = SimulatedServer(quirks=("abort-lost-before-running", "delete-refused-while-running"))
    session = server.connect()
    job_id = in_state(server, session, "DISPATCHED")
    session.abort_job(job_id)
    session.delete_job(job_id)
    server.run_until_idle()

    assert session.list_jobs() == []


@both
def test_abort_lingers(on: bool) -> None:
    """After the call has returned the job says RUNNING for six seconds more; aborting again changes nothing."""
    server = a_server("abort-lingers", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING", custom_props={"flare_sim": {"run_seconds": 100}})
    before = server.clock.time()
    session.abort_job(job_id)
    assert server.clock.time() - before == pytest.approx(3)
    assert status_of(session, job_id) == ("RUNNING" if on else "FINISHED:ABORTED")
    session.abort_job(job_id)
    server.run_until_idle()

    assert status_of(session, job_id) == "FINISHED:ABORTED"
    assert server.clock.time() - before == pytest.approx(9 if on else 3)


@both
def test_client_failure_ends_run(on: bool) -> None:
    """A client's part that raises ends the run, or the job runs on until somebody aborts it."""
    server = a_server("client-failure-ends-run", on=on, behavior=JobBehavior(outcome="CLIENT_EXCEPTION"))
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    server.advance(100_000)

    assert status_of(session, job_id) == ("FINISHED:ABNORMAL" if on else "RUNNING")
    session.abort_job(job_id)
    assert status_of(session, job_id) == ("FINISHED:ABNORMAL" if on else "FINISHED:ABORTED")


def test_a_run_that_never_ends_can_be_stepped() -> None:
    """By hand it gets to RUNNING and stays there."""
    server = SimulatedServer(progress="manual", behavior=JobBehavior(outcome="CLIENT_EXCEPTION"))
    job_id = server.submit(definition())

    assert [server.step(job_id) for _ in range(4)] == ["DISPATCHED", "RUNNING", "RUNNING", "RUNNING"]


@both
def test_orphans_stay_running(on: bool) -> None:
    """What ran when the server died says RUNNING for ever, blocks nothing, and can't be got rid of."""
    quirks = ("orphans-stay-running", "delete-refused-while-running") if on else ()
    server = SimulatedServer(quirks=quirks, config=ServerConfig(max_jobs=1))
    job_id = in_state(server, server.connect(), "RUNNING")
    server.faults.crash()
    server.faults.restart()
    server.advance(100)
    session = server.connect()

    assert status_of(session, job_id) == ("RUNNING" if on else "FINISHED:ABANDONED")
    assert session.get_system_info().job_info == []
    assert in_state(server, session, "FINISHED:COMPLETED")
    if on:
        assert ask(server, f"abort_job {job_id}").info == f"Job {job_id} is not running."
        with pytest.raises(InternalError):
            session.abort_job(job_id)
        with pytest.raises(JobNotDone):
            session.delete_job(job_id)
        assert status_of(session, job_id) == "RUNNING"


# Servers that are gone, sessions that are lost, users nobody knows.


@both
def test_lost_server_is_internal_error(on: bool) -> None:
    """An open session gets InternalError, or NoConnection; a new one NoConnection either way."""
    server = a_server("lost-server-is-internal-error", on=on)
    session = server.connect()
    server.faults.partition()

    with pytest.raises(InternalError if on else NoConnection):
        session.list_jobs()
    with pytest.raises(NoConnection):
        server.connect()
    server.faults.repair()
    assert session.list_jobs() == []


@both
def test_lost_session_is_internal_error(on: bool) -> None:
    """It says session_inactive, and again, and never SessionClosed."""
    server = a_server("lost-session-is-internal-error", on=on)
    session = server.connect()
    server.faults.lose_sessions()

    for _ in range(2):
        with pytest.raises(InternalError if on else SessionClosed, match="session_inactive" if on else "closed"):
            session.list_jobs()


@both
def test_sessions_survive_restart(on: bool) -> None:
    """A session opened before the server was killed works on, or is lost."""
    server = a_server("sessions-survive-restart", on=on)
    session = server.connect()
    server.faults.crash()
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.faults.restart()

    if on:
        assert session.list_jobs() == []
    else:
        with pytest.raises(SessionClosed):
            session.list_jobs()


@both
def test_unknown_user_cannot_connect(on: bool) -> None:
    """To a user nobody knows there seems to be no server, or it says that it doesn't know them."""
    with pytest.raises(NoConnection if on else AuthenticationError):
        a_server("unknown-user-cannot-connect", on=on).connect("stranger@nowhere.org")


# Definitions.


@both
@pytest.mark.parametrize(
    ("meta", "raised"),
    [
        (None, "IndexError"),
        ("", "JSONDecodeError"),
        ("{", "JSONDecodeError"),
        ("[1]", "TypeError"),
        ("3", "TypeError"),
        ('{"deploy_map": [1]}', "AttributeError"),
        ('{"deploy_map": {"app": 3}}', "TypeError"),
        ('{"deploy_map": {"app": [3]}}', "AttributeError"),
    ],
)
def test_bad_meta_breaks_server(tmp_path: Path, meta: str | None, raised: str, on: bool) -> None:
    """What the server doesn't reckon with is an InternalError that names what was raised, and leaves no job."""
    folder = tmp_path / "bad"
    path = write_files(folder, {} if meta is None else {**APP_FILES, "meta.json": meta})
    session = a_server("bad-meta-breaks-server", on=on).connect()

    with pytest.raises(InternalError if on else InvalidJobDefinition, match=raised if on else None):
        session.submit_job(path)
    assert session.list_jobs() == []


def test_a_server_that_breaks_still_comes_to_verdicts(tmp_path: Path) -> None:
    """What its validator does reckon with is refused as ever, and a good job is taken."""
    session = SimulatedServer(quirks=("bad-meta-breaks-server",)).connect()
    bad: list[dict[str, Any]] = [{"deploy_map": ...}, {"min_clients": 0}, {"deploy_map": {"none": ["@ALL"]}}]
    for number, changes in enumerate(bad):
        with pytest.raises(InvalidJobDefinition):
            session.submit_job(write_job(tmp_path / str(number), **changes))
    with pytest.raises(InvalidJobDefinition, match="no meta"):
        session.submit_job(write_files(tmp_path / "bare", dict(APP_FILES)))

    assert session.submit_job(write_job(tmp_path / "good"))


@both
def test_legacy_app_accepted(tmp_path: Path, on: bool) -> None:
    """A folder that is one app, without a meta.json, becomes a job of that app on all sites."""
    app = {path.removeprefix("app/"): content for path, content in APP_FILES.items()}
    path = write_files(tmp_path / "legacy", app)
    server = a_server("legacy-app-accepted", on=on)
    session = server.connect()
    if not on:
        with pytest.raises(InvalidJobDefinition, match="no meta"):
            session.submit_job(path)
        return
    meta = session.get_job_meta(session.submit_job(path))
    server.run_until_idle()

    assert (meta["name"], meta["job_folder_name"], meta["min_clients"]) == ("legacy", "legacy", 1)
    assert meta["deploy_map"] == {"legacy": ["@ALL"]}
    assert status_of(session, meta["job_id"]) == "FINISHED:COMPLETED"
    with pytest.raises(InvalidJobDefinition):
        session.submit_job(write_files(tmp_path / "none", {"readme.txt": ""}))


@both
def test_own_job_id_honoured(tmp_path: Path, on: bool) -> None:
    """An id in the meta becomes the job's; one that is no UUID is listed, and found by no command."""
    own = "01234567-89ab-4cde-8f01-23456789abcd"
    session = a_server("own-job-id-honoured", on=on).connect()
    good = session.submit_job(write_job(tmp_path / "good", job_id=own))
    odd = session.submit_job(write_job(tmp_path / "odd", job_id="fake"))

    assert [job["job_id"] for job in session.list_jobs()] == [good, odd]
    assert (good == own, odd == "fake") == (on, on)
    assert session.get_job_meta(good)["job_id"] == good
    assert session.clone_job(good) != good
    if on:
        with pytest.raises(JobNotFound):
            session.get_job_meta(odd)
        with pytest.raises(InternalError, match="StorageException"):
            session.submit_job(str(tmp_path / "good"))
        with pytest.raises(InvalidJobDefinition, match="cannot be an id"):
            session.submit_job(write_job(tmp_path / "bad", job_id="a/b"))


@both
def test_submit_tokens_honoured(on: bool) -> None:
    """The same job with the same token is one job; another, or one deleted since, is refused."""
    server = a_server("submit-tokens-honoured", on=on)
    login = server.login("admin@nvidia.com")

    def submit(token: str, **changes: Any) -> Reply:
        return server.request(login, Command("submit_job", ("x", "--submit-token", token), definition(**changes)))

    first = submit("one")
    if not on:
        assert (first.status, len(server.jobs)) == ("syntax_error", 0)
        return
    job_id = first.payload["job_id"]
    assert submit("one").payload == {"job_id": job_id}
    assert submit("one", name="other").as_dict()["meta"]["code"] == "SUBMIT_TOKEN_CONFLICT"
    assert submit("two").payload["job_id"] != job_id
    assert [job["job_id"] for job in ask(server, "list_jobs --submit-token one").payload["jobs"]] == [job_id]
    assert ask(server, "list_jobs --submit-token three").payload["jobs"] == []
    assert ask(server, "list_jobs --submit-token").status == "syntax_error"
    ask(server, f"delete_job {job_id}")

    assert submit("one").status == ask(server, "list_jobs --submit-token one").status == "submit_token_job_deleted"
    assert len(server.jobs) == 1


@both
def test_blank_breaks_transfer(on: bool) -> None:
    """Two words where a path or the id of a download belongs: a syntax error of the call, or what the first is."""
    server = a_server("blank-breaks-transfer", on=on)

    for line in ("download_job a b", "submit_job a b"):
        assert (ask(server, line).api_status == "ERROR_SYNTAX") == on
    assert ask(server, "abort_job a b").status == "invalid_job_id"


# Lists.


@both
def test_negative_limit_drops_oldest(on: bool) -> None:
    """So many of the oldest are left out, whatever the order; otherwise the limit is refused."""
    server = a_server("negative-limit-drops-oldest", on=on)
    jobs = [server.submit(definition()) for _ in range(3)]
    reply = ask(server, "list_jobs -m -1")
    if not on:
        assert reply.status == "syntax_error"
        return
    assert [job["job_id"] for job in reply.payload["jobs"]] == jobs[1:]
    assert [job["job_id"] for job in ask(server, "list_jobs -r -m -2").payload["jobs"]] == jobs[2:]


@both
def test_nameless_job_breaks_name_prefix(on: bool) -> None:
    """One job without a name, and nobody gets a list by name; other lists are fine."""
    server = a_server("nameless-job-breaks-name-prefix", on=on)
    assert ask(server, "list_jobs -n small").status == "ok"
    server.submit(definition(name=...))
    server.submit(definition())

    assert ask(server, "list_jobs -n small").status == ("internal_error" if on else "ok")
    assert len(ask(server, "list_jobs").payload["jobs"]) == 2


@both
def test_list_errors_are_internal(on: bool) -> None:
    """An option that makes no sense is an internal error, or a syntax error."""
    server = a_server("list-errors-are-internal", on=on)

    assert ask(server, "list_jobs -m True").status == ("internal_error" if on else "syntax_error")
    assert "invalid int value: 'True'" in ask(server, "list_jobs -m True").info
    assert ask(server, "list_jobs -n -d").info.endswith("argument -n: expected one argument")


# Results.


@both
def test_download_refused_until_done(on: bool) -> None:
    """A job that runs has a result to download, or it hasn't yet."""
    server = a_server("download-refused-until-done", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    if on:
        with pytest.raises(JobNotDone, match=job_id):
            session.download_job_result(job_id)
        server.run_until_idle()

    assert Path(session.download_job_result(job_id), "job", "job", "meta.json").is_file()


@both
def test_downloads_numbered(tmp_path: Path, on: bool) -> None:
    """A second download goes into a folder of its own, or into the same again."""
    server = a_server("downloads-numbered", on=on)
    session = server.connect(download_dir=str(tmp_path))
    job_id = in_state(server, session, "FINISHED:COMPLETED")
    names = [Path(session.download_job_result(job_id)).name for _ in range(3)]

    assert names == ([job_id, f"{job_id}__1", f"{job_id}__2"] if on else [job_id] * 3)


@both
def test_any_size_downloads(on: bool) -> None:
    """A result over the limit is downloaded all the same, or has a location."""
    server = a_server("any-size-downloads", on=on, config=ServerConfig(max_download_bytes=1))
    session = server.connect()
    where = session.download_job_result(in_state(server, session, "FINISHED:COMPLETED"))

    assert where.startswith("flare-sim://") != on
    assert Path(where).is_dir() == on


@both
def test_download_needs_exact_id(on: bool) -> None:
    """Written in capitals an id is an InternalError for a download, and only there."""
    server = a_server("download-needs-exact-id", on=on)
    session = server.connect()
    job_id = session.submit_definition(definition()).upper()

    assert session.get_job_meta(job_id)["job_id"] == job_id.lower()
    if on:
        with pytest.raises(InternalError, match="StorageException"):
            session.download_job_result(job_id)
    else:
        assert session.download_job_result(job_id)


@both
def test_workspace_saved_late(on: bool) -> None:
    """Right after an abort the workspace is empty, and two seconds later it is there."""
    server = a_server("workspace-saved-late", on=on)
    session = server.connect()
    job_id = in_state(server, session, "RUNNING")
    session.abort_job(job_id)

    def workspace() -> list[str]:
        return [path for path, _ in ask(server, f"download_job {job_id}").content if path.startswith("workspace/")]

    assert (workspace() == ["workspace/"]) == on
    server.advance(2)
    assert len(workspace()) > 1


@both
def test_result_has_meta_and_logs(on: bool) -> None:
    """At the top lies the job's meta, in the workspace more logs."""
    server = a_server("result-has-meta-and-logs", on=on)
    session = server.connect()
    job_id = in_state(server, session, "FINISHED:COMPLETED")
    files = dict(ask(server, f"download_job {job_id}").content)

    assert ("meta.json" in files, "workspace/log_fl.txt" in files, "workspace/log.json" in files) == (on, on, on)
    if on:
        assert json.loads(files["meta.json"]) == session.get_job_meta(job_id)


# Metas.


@both
@pytest.mark.parametrize(
    ("quirk", "expected"),
    [
        ("meta-has-study", lambda meta: meta.get("study") == "default"),
        ("meta-has-storage-format", lambda meta: meta.get("data_storage_format") == 2),
        ("start-time-in-utc", lambda meta: meta["start_time"].endswith("+00:00")),
        ("abnormal-run-has-duration", lambda meta: meta["duration"] != "N/A"),
    ],
)
def test_what_a_meta_says(quirk: str, expected: Callable[[dict[str, Any]], bool], on: bool) -> None:
    """A key more, or another form, in the meta and in the list that shows all of it."""
    server = a_server(quirk, on=on, behavior=JobBehavior(outcome="ABNORMAL"))
    session = server.connect()
    job_id = in_state(server, session, "FINISHED:ABNORMAL")

    assert expected(session.get_job_meta(job_id)) == on
    assert expected(session.list_jobs(True)[0]) == on
    assert ("study" in session.list_jobs()[0]) == (on and quirk == "meta-has-study")


@both
def test_delete_counts_records(on: bool) -> None:
    """The reply to a deletion has a count besides the id."""
    server = a_server("delete-counts-records", on=on)
    payload = ask(server, f"delete_job {server.submit(definition())}").payload

    assert ("submit_records_marked_deleted" in payload) == on


@pytest.mark.parametrize("name", sorted(PERSONALITIES))
def test_a_personality_is_as_repeatable_as_the_default(name: str) -> None:
    """The same calls on the same seed leave the same trace."""

    def digest() -> str:
        server = SimulatedServer(personality=name)
        session = server.connect()
        job_id = in_state(server, session, "DISPATCHED")
        session.abort_job(job_id)
        server.faults.crash(after=3)
        server.faults.restart(after=4)
        server.run_until_idle()
        return server.trace.digest()

    assert digest() == digest()

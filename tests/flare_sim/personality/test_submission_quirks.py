"""Quirks of submitting a job, each on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Command, InternalError, InvalidJobDefinition, JobNotFound, Reply, SimulatedServer
from tests.flare_sim.job_samples import APP_FILES, definition, write_files, write_job
from tests.flare_sim.personality.one_quirk import a_server, ask, both, status_of

if TYPE_CHECKING:
    from pathlib import Path


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
    with pytest.raises(InvalidJobDefinition, match=r"meta\.json is empty"):
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
        with pytest.raises(InternalError, match=r"^server internal error: exception StorageException occurred$"):
            session.submit_job(str(tmp_path / "good"))
        with pytest.raises(InvalidJobDefinition, match="cannot be an id"):
            session.submit_job(write_job(tmp_path / "bad", job_id="a/b"))


@pytest.mark.parametrize("own", [5, 1.5, True, ["x"], {"a": 1}, "a/../../b", "\0", "\ud800", "/" * 5000])
def test_an_own_job_id_of_any_type_is_no_accident(own: Any) -> None:
    """A job that was made by other rules may bring anything for an id: it is judged by the server's, and refused."""
    server = SimulatedServer(personality="nvflare-2.9")
    session = server.connect()
    with pytest.raises(InvalidJobDefinition, match="job_id") as caught:
        session.submit_definition(definition(job_id=own))
    assert len(str(caught.value)) < 5000
    assert str(caught.value).isprintable()

    assert (session.list_jobs(), len(server.trace)) == ([], 0)
    nothings: list[Any] = [None, "", 0, [], {}]
    for nothing in nothings:
        assert session.get_job_meta(session.submit_definition(definition(job_id=nothing)))["status"] == "SUBMITTED"


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
    for none in ("three", f"one {job_id.upper()}"):
        assert ask(server, f"list_jobs --submit-token {none}").payload["jobs"] == []
    assert ask(server, "list_jobs --submit-token").status == "syntax_error"
    ask(server, f"delete_job {job_id}")

    assert submit("one").status == ask(server, "list_jobs --submit-token one").status == "submit_token_job_deleted"
    assert len(server.jobs) == 1


@both
def test_blank_breaks_transfer(on: bool) -> None:
    """Two words where a path or the id of a download belongs: a syntax error of the call, or what the first is."""
    server = a_server("blank-breaks-transfer", on=on)

    server.advance(2)

    for line in ("download_job a b", "submit_job a b"):
        reply = ask(server, line)
        assert ((reply.api_status, reply.time) == ("ERROR_SYNTAX", server._state.now)) == on
    assert ask(server, "abort_job a b").status == "invalid_job_id"

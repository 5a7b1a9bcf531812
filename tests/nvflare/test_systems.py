"""NVFLARE's session class, and subclasses of it, under the contract."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from nvflare.fuel.flare_api import api_spec
from nvflare.fuel.flare_api.flare_api import Session, new_secure_session

from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.nvflare_systems import NvflareSystem
from tests.nvflare.jobs import HELLO_JOB

QUICK = RunSettings(examples=3)
KEPT = (
    "submit.returns-id",
    "clone.new-id",
    "meta.job-id",
    "download.folder",
    "monitor.finished",
    "monitor.timeout",
    "delete.running",
    "close.returns-none",
    "shape.client-info",
    "denied.abort-job",
    "misbehaving.list-jobs",
)


class ReadsOnly(Session):  # type: ignore[misc]  # NVFLARE has no types
    """Lets only some commands through, and says nothing about the others."""

    def _do_command(self, command: str, *args: Any, **kwargs: Any) -> Any:
        if command.startswith(("abort_job", "delete_job")):
            return {"meta": {"status": "ok", "info": ""}, "status": "SUCCESS"}
        return super()._do_command(command, *args, **kwargs)


class OneKindOfError(Session):  # type: ignore[misc]
    """Makes one error of all."""

    def _do_command(self, command: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._do_command(command, *args, **kwargs)
        except Exception as problem:
            raise api_spec.InternalError(str(problem)) from problem


class Remembers(Session):  # type: ignore[misc]
    """Answers from memory."""

    def _do_command(self, command: str, *args: Any, **kwargs: Any) -> Any:
        memory = self.__dict__.setdefault("memory", {})
        if command.startswith("get_job_meta") and command in memory:
            return memory[command]
        memory[command] = super()._do_command(command, *args, **kwargs)
        return memory[command]


@pytest.mark.parametrize("clause", KEPT)
def test_nvflares_session_keeps_what_the_server_keeps(clause: str) -> None:
    """Clauses that no release of the class breaks."""
    assert _verdict(Session, clause) == "met"


@pytest.mark.parametrize(
    ("narrowed", "clause"),
    [
        (ReadsOnly, "abort.running-ends"),
        (ReadsOnly, "delete.waiting"),
        (OneKindOfError, "unknown.get-job-meta"),
        (OneKindOfError, "close.then.list-jobs"),
        (Remembers, "meta.fresh"),
    ],
)
def test_a_subclass_that_narrows_its_commands_is_caught(narrowed: type, clause: str) -> None:
    """Whatever it does to ``_do_command``, a caller notices, and so does the suite; ``Session`` itself is spared."""
    assert _verdict(Session, clause) == "met"
    assert _verdict(narrowed, clause) == "violated"


class PlatformSystem(NvflareSystem):
    """A system whose sessions begin as a platform begins them, which knows nothing of the server."""

    def open_session(self, user: str | None = None) -> Any:
        """Open a session with a kit that is not there."""
        return new_secure_session(user or self.users[0], "/no/such/kit")


def test_sessions_may_be_opened_by_nvflares_functions() -> None:
    """They are on the server of their system, and no others are, once it is closed."""
    before = Session.__init__
    with PlatformSystem() as first:
        first.open_session()
    with PlatformSystem() as system:
        job_id = system.open_session().submit_job(HELLO_JOB)

        assert [job.job_id for job in system.server.jobs] == [job_id]
    assert Session.__init__ is before
    with pytest.raises(AssertionError, match="startup kit does not exist"):
        system.open_session()


def test_a_system_that_nobody_closes_lets_go() -> None:
    """Its sessions are on the network again as soon as it is forgotten."""
    before = Session.__init__
    system = PlatformSystem()
    assert Session.__init__ is not before
    del system
    gc.collect()

    assert Session.__init__ is before


def _verdict(session_class: type, clause: str) -> str:
    class System(NvflareSystem):
        pass

    System.session_class = session_class
    report = run_suite(System, QUICK, clauses=[clause])
    (verdict,) = {row.verdict for row in report.clauses if row.clause.id == clause}
    return str(verdict.value)

"""NVFLARE's session class, and subclasses of it, under the contract."""

from __future__ import annotations

from typing import Any

import pytest
from nvflare.fuel.flare_api import api_spec
from nvflare.fuel.flare_api.flare_api import Session

from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.nvflare_systems import NvflareSystem

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


def _verdict(session_class: type, clause: str) -> str:
    class System(NvflareSystem):
        pass

    System.session_class = session_class
    report = run_suite(System, QUICK, clauses=[clause])
    (verdict,) = {row.verdict for row in report.clauses if row.clause.id == clause}
    return str(verdict.value)

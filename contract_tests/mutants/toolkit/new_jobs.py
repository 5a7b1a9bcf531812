"""Sessions that give new jobs ids of their own."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.generator import Body, Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.wrapper import Wrapper
from flare_sim import spec


class Renaming(Wrapper):
    """A wrapper that gives jobs ids of its own, and translates them in every call; right as long as they differ."""

    def rename(self, real: str) -> str:
        """The id to give to a new job."""
        return f"job-{count(self, 'renamed')}"

    @property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = self.system.memory.setdefault("names", {})
        return names

    def _given(self, real: str) -> str:
        given = self.rename(real)
        self._names[given] = real
        return given

    def _real(self, given: Any) -> Any:
        return self._names.get(given, "no-such-job") if isinstance(given, str) else given

    def _told(self, meta: dict[str, Any]) -> dict[str, Any]:
        given = {real: name for name, real in self._names.items()}
        return {key: given.get(value, value) if isinstance(value, str) else value for key, value in meta.items()}

    def submit_job(self, job_definition_path: str) -> str:
        """Give the new job an id."""
        return self._given(super().submit_job(job_definition_path))

    def clone_job(self, job_id: str) -> str:
        """Give the clone an id."""
        return self._given(super().clone_job(self._real(job_id)))

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Translate both ways."""
        return self._told(super().get_job_meta(self._real(job_id)))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Translate every entry."""
        return [self._told(entry) for entry in super().list_jobs(detailed, all)]

    def download_job_result(self, job_id: str) -> str:
        """Translate."""
        return super().download_job_result(self._real(job_id))

    def abort_job(self, job_id: str) -> Any:
        """Translate."""
        return super().abort_job(self._real(job_id))

    def delete_job(self, job_id: str) -> Any:
        """Translate."""
        return super().delete_job(self._real(job_id))

    def get_system_info(self) -> spec.SystemInfo:
        """Translate the jobs."""
        info = super().get_system_info()
        given = {real: name for name, real in self._names.items()}
        jobs = [spec.JobInfo(given.get(job.job_id, job.job_id), job.app_name) for job in info.job_info]
        return spec.SystemInfo(info.server_info, info.client_info, jobs)


def repeats_first_id(generator: Generator, method: str, clause: str, made: str) -> None:
    """Declare sessions whose ``method`` makes jobs and gives a later one, number 16 to 256, the id of the first.

    ``made`` says what it makes: a submission or a clone.
    """
    right = getattr(Wrapper, method)

    def repeating(number: int) -> Body:
        def body(self: Any, *args: Any, **kwargs: Any) -> Any:
            job = right(self, *args, **kwargs)
            given = noted(self, "given")
            given.append(job)
            return given[0] if len(given) == number else job

        body.__name__ = method
        return body

    for number in (16, 33, 100, 256):
        name, difference = f"Repeats{made.capitalize()}{number}", f"gives {made} {number} the id of the first"
        generator.session(name, clause, difference, {method: repeating(number)})

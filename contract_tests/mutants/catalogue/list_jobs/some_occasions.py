"""Sessions whose lists are wrong on some occasions only, or leave out old jobs."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Body, Generator
from contract_tests.mutants.toolkit.occasions import (
    A_DAY,
    OF_ANY_CALL,
    not_older,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "ListJobsOtherType",
    "list.dicts",
    "lists jobs in a tuple",
    "list_jobs",
    tuple,
)
wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "Doubles",
    "list.ids",
    "lists the first job twice",
    "list_jobs",
    lambda jobs: jobs[:1] + jobs,
)
wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "LosesNewest",
    "list.complete",
    "lists all jobs but the last",
    "list_jobs",
    lambda jobs: jobs[:-1],
)


def _at_most(number: int) -> Body:
    def list_jobs(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Wrapper.list_jobs(self, *args, **kwargs)[-number:]

    return list_jobs


for _most in (20, 50, 128, 200, 256):
    _GENERATOR.session(
        f"ListsLast{_most}", "list.complete", f"lists the last {_most} jobs", {"list_jobs": _at_most(_most)}
    )

_GENERATOR.session("ListsToday", "list.complete", "lists jobs of the last day", {"list_jobs": not_older(A_DAY)})

bound_to_threads(_GENERATOR, "list.dicts", "list_jobs")

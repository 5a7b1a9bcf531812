"""What the interface says about `list_jobs`, one clause a sentence.

Their ids begin with `list.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("list_jobs: what is left out, what is added, and for whom")

CLAUSES: Final = (
    _PROMISE.must(
        "list.dicts",
        "stated",
        LIFECYCLE,
        "list_jobs returns a list of dicts.",
        words="list_jobs, signature; list_jobs, Returns",
    ),
    _PROMISE.must(
        "list.empty",
        "implied",
        LIFECYCLE,
        "The list of a server without jobs is empty.",
        words="list_jobs, Returns",
    ),
    _PROMISE.must(
        "list.ids",
        "implied",
        LIFECYCLE,
        "Every entry of the list carries the id of its job, and no job stands twice.",
        words="list_jobs, Returns",
    ),
    _PROMISE.must(
        "list.status-agrees",
        "implied",
        LIFECYCLE,
        "The status in the list is the one get_job_meta tells at the same time.",
        "whether list and meta are made from the same state",
        words="list_jobs, Get the job info; get_job_meta, Get the meta info",
    ),
    _PROMISE.must(
        "list.complete",
        "implied",
        LIFECYCLE,
        "No job is missing from the list, however many there are.",
        "limits on what is listed",
        words="list_jobs, Args: all",
    ),
    _PROMISE.must(
        "list.no-deleted",
        "implied",
        LIFECYCLE,
        "No deleted job is in the list.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "list.own",
        "stated",
        USERS,
        "By default the list holds only jobs that the same user submitted.",
        words="list_jobs, Args: all",
    ),
    _PROMISE.must(
        "list.own-all-sessions",
        "implied",
        USERS,
        "A user's list holds jobs submitted in any session of the user.",
        words="list_jobs, Args: all",
    ),
    _PROMISE.must(
        "list.all",
        "stated",
        USERS,
        "With all=True the list holds the jobs of all users.",
        words="list_jobs, Args: all",
    ),
    _PROMISE.must(
        "list.all-false",
        "stated",
        USERS,
        "all=False means the same as leaving it out.",
        words="list_jobs, signature; list_jobs, Args: all",
    ),
    _PROMISE.must(
        "list.detailed-jobs",
        "implied",
        LIFECYCLE,
        "With detailed=True the list holds the same jobs.",
        words="list_jobs, Args: detailed",
    ),
    _PROMISE.must(
        "list.detailed-more",
        "implied",
        LIFECYCLE,
        "With detailed=True an entry tells what get_job_meta tells of its job, unless it does without as well, and no "
        "less than without.",
        "what detailed adds",
        words="list_jobs, Args: detailed",
    ),
    _PROMISE.should(
        "list.order", "observed", LIFECYCLE, "Two lists with nothing but reads in between are in the same order."
    ),
    _PROMISE.must(
        "list.callers-copy",
        "implied",
        LIFECYCLE,
        "A list belongs to the caller: it stays as it was returned, and changing it changes nothing.",
        words="list_jobs, Returns",
    ),
    _PROMISE.must(
        "list.no-effect",
        "implied",
        LIFECYCLE,
        "Listing has no effect on any job.",
        words="list_jobs, Get the job info",
    ),
)

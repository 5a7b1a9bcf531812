"""Sessions that list the wrong details, or in another order each time."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import LIST, META, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families.occasions import A_DAY
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Faults, mutants

Jobs = list[dict[str, Any]]

_BRIEF: Final = ("job_id", "status")
_DEFINITION: Final = ("name", "deploy_map", "resource_spec", "min_clients")


def _ignores_detailed(where: Holds = when.always) -> Effect:
    """List some jobs as if nobody had asked for details."""

    def effect(call: Call) -> Any:
        plain = {job["job_id"]: job for job in call.go(detailed=False)}
        return do.told(lambda meta, call: plain.get(call.job_id, meta), where)(call)

    return effect


_IGNORED: Final = {
    "ignores detailed": when.always,
    "ignores detailed in lists of everybody's jobs": when.everyone,
    "ignores detailed for jobs that are done": when.done,
    "ignores detailed for jobs that are not done": ~when.done,
    "ignores detailed for clones": when.clone,
    "ignores detailed for others' jobs": when.others,
    "ignores detailed for old jobs": when.older(A_DAY),
}


def _ten_details(jobs: Jobs) -> Jobs:
    return jobs[:10] + [{key: job[key] for key in _BRIEF} for job in jobs[10:]]


def _rotates(jobs: Jobs, call: Call) -> Jobs:
    return jobs[1:] + jobs[:1] if len(jobs) > 10 and numbered(call, "long lists") == 3 else jobs


def _by_user(jobs: Jobs, call: Call) -> Jobs:
    return sorted(jobs, key=lambda job: when.others(call.about(job["job_id"])) != when.even(call))


def _by_last_read(jobs: Jobs, call: Call) -> Jobs:
    read = {each.job_id: each.place + 1 for each in call.earlier(META) if each.ok}
    return sorted(jobs, key=lambda job: read.get(job["job_id"], 0))


_FAULTS: Final[Faults] = {
    "list.detailed-jobs": {
        "lists only finished jobs in detail": on(LIST, do.leaves_out(~when.done), when.detailed),
        "lists ten jobs in detail at most": on(LIST, do.answers(itemgetter(slice(10))), when.detailed),
        "lists clones twice in detail, under original and clone": on(
            LIST, do.adds(lambda jobs, call: [job for job in jobs if "cloned_from" in job]), when.detailed
        ),
        "lists everybody's jobs in detail": on(LIST, do.passing(all=True), when.detailed),
    },
    "list.detailed-more": {
        **{words: on(LIST, _ignores_detailed(where), when.detailed) for words, where in _IGNORED.items()},
        **{
            f"leaves out the {key} of others' jobs in detail": on(LIST, do.lacks(key, where=when.others), when.detailed)
            for key in ("duration", "name")
        },
        "takes detailed for brief": on(LIST, do.passing(detailed=lambda call: not call["detailed"])),
        "tells nothing in detail of jobs that were given up": on(
            LIST, do.only(*_BRIEF, where=when.given_up), when.detailed
        ),
        "tells details of ten jobs at most": on(LIST, do.answers(_ten_details), when.detailed),
        "tells no details in lists of everybody's jobs of what is another user's": on(
            LIST, do.only(*_BRIEF, where=when.others), when.detailed & when.everyone
        ),
        "tells the name of a job in detail, and no more": on(LIST, do.only(*_BRIEF, "name"), when.detailed)
        + on(LIST, do.only(*_BRIEF), ~when.detailed),
        "keeps a fact of its own about every job out of detailed lists": on(
            META, do.tells(ticket=lambda meta, call: f"T-{call.job_id[:4]}")
        ),
        "does not tell in detail who submitted a job": on(LIST, do.lacks("submitter_name"), when.detailed),
        "leaves the deploy_map empty in detail": on(LIST, do.tells(deploy_map=lambda meta, call: {}), when.detailed),
        "tells of every job what the first one's definition says, in detail": on(
            LIST,
            do.answers(lambda jobs: [{**job, **{key: jobs[0][key] for key in _DEFINITION}} for job in jobs]),
            when.detailed,
        ),
    },
    "list.order": {
        "turns the list round on every call": on(LIST, do.answers(lambda jobs: jobs[::-1]), when.even),
        "moves the first entry of a long list to its end on the third call": on(LIST, do.answers_of(_rotates)),
        "lists jobs of two users in turns, each first in turn": on(LIST, do.answers_of(_by_user)),
        "moves a job whose meta was read to the end of the list": on(LIST, do.answers_of(_by_last_read)),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)

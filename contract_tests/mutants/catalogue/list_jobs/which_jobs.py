"""Sessions that list too few jobs, too many, or those of the wrong users."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import DELETE, LIST, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families.occasions import A_DAY, OF_ANY_CALL, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from contract_tests.mutants.wrapper import Wrapper

Jobs = list[dict[str, Any]]

ASKED_FOR_ALL: Final = when.after(LIST, when.everyone, when.same_session)

_JUST_OWN: Final = ~when.everyone
_ALL: Final = do.passing(all=True)


# --- deleted jobs -----------------------------------------------------------------------------------------------------


def _deleted(call: Call) -> Jobs:
    return [{"job_id": each.job_id, "status": "DELETED"} for each in call.earlier(DELETE) if each.ok]


def _lists_from_cache(jobs: Jobs, call: Call) -> Jobs:
    cache: dict[Any, dict[str, Any]] = call.own
    cache.update({job["job_id"]: job for job in jobs})
    for each in call.earlier(DELETE):
        if each.ok and each.session is call.session:
            cache.pop(each.job_id, None)
    return [job for job in cache.values() if call["all"] or job in jobs or not call["detailed"]]


def _lists_on(where: Holds) -> Effect:
    def gone(jobs: Jobs, call: Call) -> Jobs:
        known: dict[Any, dict[str, Any]] = call.own
        there = [job["job_id"] for job in jobs]
        missing = [dict(job) for name, job in known.items() if name not in there and where(call.about(name))]
        known.update({job["job_id"]: dict(job) for job in jobs})
        return missing

    return do.adds(gone)


_deleted_elsewhere: Final = when.after(
    DELETE, like=lambda one, other: when.same_job(one, other) and not when.same_session(one, other)
)
_deleted_by_another: Final = when.after(
    DELETE, like=lambda one, other: when.same_job(one, other) and not when.same_user(one, other)
)
_submitted_here: Final = when.made_here & (lambda call: when.origin(call) is None)


# --- own jobs and others ----------------------------------------------------------------------------------------------


def _and_others(where: Holds) -> Effect:
    """List of the jobs of others those of which something is true, too."""
    holds = when.others & where
    return do.adds(
        lambda jobs, call: [
            job for job in call.inner.list_jobs(call["detailed"], True) if holds(call.about(job["job_id"]))
        ]
    )


def _made_since_first_list(call: Call) -> bool:
    lists = (each for each in call.earlier(LIST) if each.ok and each.session is call.session)
    first, made = next(lists, None), call.birth
    return first is not None and made is not None and made.place > first.place


def _known_at_first(jobs: Jobs, call: Call) -> Jobs:
    known = call.own.setdefault("known", [job["job_id"] for job in jobs])
    return [job for job in jobs if job["job_id"] in known]


def _ten_of_others(jobs: Jobs, call: Call) -> Jobs:
    left_out = do.listed(when.others)(call)[10:]
    return [job for job in jobs if job["job_id"] not in left_out]


def _submitter_closed(call: Call) -> bool:
    return any(call.job is not None and each.user == call.job.submitter for each in call.earlier("close"))


class _TakesFlagsByName(Wrapper):
    def list_jobs(self, *args: Any, **flags: Any) -> Jobs:
        if len(args) > 1:
            flags = {"detailed": args[0]}
        elif args:
            flags = {"detailed": args[0], **flags}
        return self.inner.list_jobs(**flags)  # type: ignore[no-any-return]


_FAULTS: Final[Faults] = {
    "list.complete": {
        **{f"lists {most} jobs at most": on(LIST, do.answers(itemgetter(slice(most)))) for most in (10, 100)},
        **{
            f"lists the last {most} jobs": on(LIST, do.answers(itemgetter(slice(-most, None))))
            for most in (20, 50, 128, 200, 256)
        },
        "lists jobs of the last day": on(LIST, do.leaves_out(when.older(A_DAY))),
        "leaves out jobs that are done": on(LIST, do.leaves_out(when.done)),
        "leaves out jobs that were given up, from detailed lists": on(
            LIST, do.leaves_out(when.given_up), when.detailed
        ),
        "leaves out a job that is dispatched": on(LIST, do.leaves_out(when.dispatched)),
        "leaves out the clones of deleted jobs": on(LIST, do.leaves_out(when.original(~when.exists))),
        "leaves out jobs submitted after the session has listed, once": on(LIST, do.answers_of(_known_at_first)),
    },
    "list.no-deleted": {
        "goes on listing deleted jobs, as DELETED": on(LIST, do.adds(lambda jobs, call: _deleted(call))),
        "lists deleted jobs in the detailed list of everybody's jobs": on(
            LIST, do.adds(lambda jobs, call: _deleted(call)), when.detailed & when.everyone
        ),
        "lists the eleventh job that was deleted": on(LIST, do.adds(lambda jobs, call: _deleted(call)[10:11])),
        "lists a job deleted in another session, where it was listed before": on(
            LIST, do.answers_of(_lists_from_cache)
        ),
        "lists on what it has submitted and another session has deleted": on(
            LIST, _lists_on(_submitted_here & _deleted_elsewhere)
        ),
        "lists on what another user has deleted": on(LIST, _lists_on(_deleted_by_another)),
    },
    "list.own": {
        "lists everybody's jobs always": on(LIST, _ALL),
        "lists everybody's jobs once it was asked for all": on(LIST, _ALL, ASKED_FOR_ALL),
        "mixes up its two flags": on(
            LIST, do.passing(detailed=lambda call: call["all"], all=lambda call: call["detailed"])
        ),
        "lists clones of the user's jobs that another user made": on(
            LIST, _and_others(when.original(when.mine)), _JUST_OWN
        ),
        "lists finished jobs of all users": on(LIST, _and_others(when.done), _JUST_OWN),
    },
    "list.own-all-sessions": {
        "lists only jobs that the same session made": on(LIST, do.leaves_out(~when.made_here), _JUST_OWN),
        "lists no jobs of sessions that were closed": on(
            LIST, do.leaves_out(when.maker_closed & ~when.clone), _JUST_OWN
        ),
        "lists no jobs that another session made after its own first list": on(
            LIST, do.leaves_out(~when.made_here & _made_since_first_list), _JUST_OWN
        ),
    },
    "list.all": {
        "lists own jobs only, whatever is asked for": on(LIST, do.passing(all=False)),
        "ignores all=True together with detailed=True": on(LIST, do.passing(all=False), when.detailed),
        "lists only the other user's jobs": on(LIST, do.leaves_out(~when.others), when.everyone),
        "lists ten jobs of other users at most": on(LIST, do.answers_of(_ten_of_others)),
        "lists no jobs of a user whose session was closed": on(LIST, do.leaves_out(_submitter_closed)),
        "lists own jobs only when the flags are given by position": _TakesFlagsByName,
    },
    "list.all-false": {
        "lists everybody's jobs whenever all is given": on(LIST, _ALL, when.explicit("all")),
        "lists everybody's jobs for all=False in detail": on(LIST, _ALL, when.explicit("all") & when.detailed),
        "takes all=False for the flag it was given last": on(LIST, _ALL, when.explicit("all") & ASKED_FOR_ALL),
    },
}

MUTANTS: Final = mutants(
    __name__,
    wrong_on(OF_ANY_CALL, "list.complete", "lists all jobs but the last", LIST, lambda jobs: jobs[:-1]),
    _FAULTS,
)

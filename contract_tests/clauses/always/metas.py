"""Every meta: what it holds, that it is told as it is, and to everybody alike."""

from __future__ import annotations

from contract_tests.scenario.snapshot import NAMED, spoil
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look

CHECKS = InvariantTable()


@CHECKS.invariant("meta.keys")
def _keys(look: Look) -> None:
    if number := look.job():
        meta = look.meta(number)
        missing = [key for key in NAMED if key not in meta]
        look.s.require(not missing, f"the keys {', '.join(NAMED)}", f"a meta without {', '.join(missing)}")


@CHECKS.invariant("meta.job-id")
def _job_id(look: Look) -> None:
    if number := look.job():
        told = look.meta(number).get("job_id")
        look.require(told == look.id(number), f"job_id to be the id of job{number}", told)


@CHECKS.invariant("meta.status")
def _status(look: Look) -> None:
    if number := look.job():
        told = look.meta(number).get("status")
        look.require(isinstance(told, str) and told, f"a status of job{number} that is a str and not empty", told)


@CHECKS.invariant("meta.name")
def _name(look: Look) -> None:
    """Of jobs that were submitted: a clone's definition is clone.definition's."""
    if number := look.job(look.submitted()):
        told, wanted = look.meta(number).get("name"), look.model(number).plan.name
        look.require(told == wanted, f"job{number} to be called {wanted!r}, as in its definition", told)


@CHECKS.invariant("meta.fresh")
def _fresh(look: Look) -> None:
    """Of two statuses that differ and were told at one time, one is of an earlier time."""
    if number := look.job():
        before = look.s.now()
        statuses = [look.status(number, actor) for actor in (look.actor, *look.sessions())]
        if look.s.now() == before:
            same = len(set(statuses)) == 1
            look.s.require(same, f"one status of job{number} at one time", " and ".join(dict.fromkeys(statuses)))


@CHECKS.invariant("meta.sessions-agree")
def _sessions_agree(look: Look) -> None:
    """However long one of them is open; where reading takes time, jobs may get on."""
    if number := look.job():
        for other in look.sessions(look.user):
            before = look.s.now()
            one, two = look.snapshot(number), look.snapshot(number, other)
            if other is not look.actor and look.s.now() == before:
                look.s.unchanged(one, two, f"the meta of job{number}, read in another session of the user,")


@CHECKS.invariant("meta.callers-copy")
def _callers_copy(look: Look) -> None:
    if number := look.job():
        before = look.s.now()
        meta = look.meta(number)
        kept = {key: meta.get(key) for key in NAMED}
        spoil(meta)
        again = look.snapshot(number)
        if look.s.now() == before:
            look.s.unchanged(kept, again, f"the meta of job{number}, after the caller has changed his own,")

"""Jobs that are related by cloning, as far as the history of a system tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import relatives
from contract_tests.mutants.algebra.altered import Change, altered
from contract_tests.mutants.algebra.call import Call
from contract_tests.system.job_plan import JobPlan


class Family:
    """A job of one user, two clones of it by another, and a clone of the first clone."""

    def __init__(self, system: Any) -> None:
        self.system = system
        self.one, other = (system.open_session(user) for user in system.users[:2])
        self.job = other.submit_job(system.job_folder(JobPlan()))
        self.clones = [self.one.clone_job(self.job) for _ in range(2)]
        self.grandchild = self.one.clone_job(self.clones[0])

    def about(self, job: Any) -> Call:
        """A call about a job."""
        return Call("get_job_meta", {"job_id": job}, self.system, self.one, place=len(self.system.history))


@pytest.fixture
def family() -> Iterator[Family]:
    """One on a system of its own."""
    with altered("unaltered", Change({}))() as system:
        yield Family(system)


def test_relatives_are_found_whoever_cloned(family: Family) -> None:
    """Up and down, and to the side."""
    job, first, second = (family.about(one) for one in (family.job, *family.clones))
    last = family.about(family.grandchild)

    assert [relatives.first_origin(call) for call in (job, first, last)] == [None, None, family.job]
    assert [relatives.siblings(call) for call in (job, first, second)] == [[], family.clones[1:], family.clones[:1]]
    assert relatives.family(second) == [family.job, family.clones[0]]
    assert [call for call in (job, first, last) if relatives.clone_of_clone(call)] == [last]
    assert [made.given["job_definition_path"] for made in map(relatives.root, (job, last)) if made] == [
        made.given["job_definition_path"] for made in family.system.history if made.point == "submit_job"
    ] * 2
    assert [relatives.owner(call) for call in (job, first, last)] == [family.system.users[n] for n in (1, 0, 0)]


def test_of_what_is_no_job_there_is_none(family: Family) -> None:
    """Nor does a call that failed make one."""
    with pytest.raises(Exception, match="no-such-job"):
        family.one.clone_job("no-such-job")

    for call in (family.about("no-such-job"), family.about(None)):
        assert (relatives.first_origin(call), relatives.root(call), relatives.owner(call)) == (None, None, "")
        assert relatives.family(call) == []
        assert not relatives.orphan(call)


def test_an_orphan_is_there_while_its_original_is_not(family: Family) -> None:
    """A job that is deleted itself is none, though its history is known."""
    family.one.delete_job(family.job)
    family.one.delete_job(family.clones[1])

    jobs = (family.job, *family.clones, family.grandchild)
    assert [job for job in jobs if relatives.orphan(family.about(job))] == family.clones[:1]
    assert relatives.siblings(family.about(family.clones[0])) == family.clones[1:]


def test_one_job_or_several_or_none_are_picked(family: Family) -> None:
    """And of those, the ones of which something is true."""
    job, last = family.about(family.job), family.about(family.grandchild)

    assert relatives.picked(when.origin, job) == []
    assert relatives.picked(when.origin, last) == family.clones[:1]
    assert relatives.among(when.clones_of, when.made(3))(job) == family.clones[1:]

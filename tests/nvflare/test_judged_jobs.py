"""A job is judged as the installed NVFLARE judges it: drawn jobs, hand-made ones, and what is known to differ."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from tests.flare_sim.drawn_jobs import drawn_jobs
from tests.nvflare.hand_made_jobs import HAND_MADE
from tests.nvflare.judged_jobs import KNOWN, compare_drawn

if TYPE_CHECKING:
    from tests.flare_sim.drawn_jobs import DrawnJob
    from tests.nvflare.judged_jobs import Known

EXAMPLES = int(os.environ.get("FLARE_SIM_JUDGED_JOBS", "400"))
"""How many jobs are drawn."""


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(drawn_jobs())
def test_a_drawn_job_is_judged_alike(job: DrawnJob) -> None:
    """Verdict, kind of error, text and meta are the release's, but for what is known to differ."""
    result = compare_drawn(job)

    assert not result.differs or result.known


@pytest.mark.parametrize("name", HAND_MADE)
def test_a_hand_made_job_is_judged_alike(name: str) -> None:
    """Verdict, kind of error, text and meta are the release's."""
    assert compare_drawn(HAND_MADE[name]).differs == ""


@pytest.mark.parametrize("known", KNOWN, ids=[known.reason for known in KNOWN])
def test_a_known_difference_is_still_there(known: Known) -> None:
    """A line of the table that no job shows any more is stale."""
    result = compare_drawn(known.job)

    assert result.differs
    assert result.known is known


def test_a_link_out_of_the_job_is_followed_with_the_quirk() -> None:
    """The one difference that a setting takes away: then the release and the simulator send the same."""
    (known,) = [known for known in KNOWN if known.job.links]

    assert compare_drawn(known.job, "links-followed").differs == ""

"""How large a job may be that is read: which limits are limits."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import ServerConfig
from flare_sim.jobs.limits import JobLimits, checked_limits


class Whole(int):
    """A number that is a whole one, of a class of its own."""


@pytest.mark.parametrize("name", JobLimits._fields)
def test_a_limit_is_a_whole_number_above_0(name: str) -> None:
    """Anything else is told with the name of the limit; what is taken is a plain number."""
    bad: Any
    for bad in (0, -1, 1.5, "1", None, True, float("inf")):
        with pytest.raises(ValueError, match=rf"^{name} must be a whole number above 0, not "):
            checked_limits(JobLimits(**{name: bad}))

    checked = checked_limits(JobLimits(**{name: Whole(1)}))
    assert checked == JobLimits(**{name: 1})
    assert type(getattr(checked, name)) is int


@pytest.mark.parametrize("bad", [None, 1, (), tuple(JobLimits()), JobLimits])
def test_what_are_no_limits_is_said_so(bad: Any) -> None:
    """A tuple of numbers would not say which is which."""
    with pytest.raises(ValueError, match=r"^limits must be JobLimits, not "):
        checked_limits(bad)


def test_the_settings_of_a_server_are_those_of_reading() -> None:
    """What a server is not told is what reading a job by itself has."""
    assert ServerConfig().job_limits == JobLimits()

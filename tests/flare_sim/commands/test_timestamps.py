"""Times in words agree with the standard library's calendar, and never raise."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from flare_sim.commands.timestamps import duration_text, iso_text, local_text, second_text

MOMENTS = st.datetimes(timezones=st.just(dt.timezone.utc))
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
MICROSECOND = dt.timedelta(microseconds=1)


@given(MOMENTS)
def test_times_agree_with_the_calendar(moment: dt.datetime) -> None:
    """Every time of the years 1 to 9999 is written as datetime writes it, microseconds always there."""
    ticks = (moment - EPOCH) // MICROSECOND

    assert iso_text(ticks) == moment.isoformat(timespec="microseconds")
    assert local_text(ticks) == moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    assert second_text(ticks) == moment.replace(tzinfo=None, microsecond=0).isoformat(" ")


@given(st.timedeltas(dt.timedelta(0), dt.timedelta(days=10_000)))
def test_durations_are_written_as_timedelta_writes_them(duration: dt.timedelta) -> None:
    """A duration is written as timedelta writes it, microseconds always there."""
    expected = str(duration) if duration.microseconds else f"{duration}.000000"

    assert duration_text(duration // MICROSECOND) == expected


@given(st.integers(-(10**30), 10**30))
def test_no_time_is_too_far(ticks: int) -> None:
    """A time no calendar has is written as plain seconds, and no duration is negative."""
    for written in (iso_text(ticks), local_text(ticks), second_text(ticks)):
        assert written
    if abs(ticks) > 10**18:
        assert float(iso_text(ticks)) == ticks / 1_000_000
    assert not duration_text(-abs(ticks)).startswith("-")

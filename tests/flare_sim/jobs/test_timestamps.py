"""Times in words agree with the standard library's calendar, and never raise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.jobs.timestamps import calendar_text, duration_text, iso_text, local_text, second_text

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
    day, rest = moment.replace(tzinfo=None).ctime()[:10], moment.replace(tzinfo=None).ctime()[10:19]
    assert calendar_text(ticks) == f"{day}{rest} {moment.year}"


def test_every_month_ends_when_it_does() -> None:
    """Each day of a leap year, and of one that is none."""
    for number in range(2 * 366):
        day = dt.datetime(2027, 12, 31, tzinfo=dt.timezone.utc) + dt.timedelta(number)
        assert second_text((day - EPOCH) // MICROSECOND)[:10] == day.date().isoformat()


def test_every_year_begins_and_ends_when_it_does() -> None:
    """The days beside the ends of February and of December, of all years there are."""
    for year in range(1, 10_000):
        for month, day in ((1, 1), (2, 28), (3, 1), (12, 31)):
            moment = dt.datetime(year, month, day, tzinfo=dt.timezone.utc)
            for beside in (moment, moment + dt.timedelta(days=1)) if (month, day) == (2, 28) else (moment,):
                assert second_text((beside - EPOCH) // MICROSECOND)[:10] == beside.date().isoformat()


@pytest.mark.parametrize("write", [calendar_text, iso_text, local_text, second_text])
def test_the_calendar_has_the_years_1_to_9999(write: Callable[[int], str]) -> None:
    """The first and the last microsecond of them are written as dates, those beside them as seconds."""
    first = (dt.datetime.min.replace(tzinfo=dt.timezone.utc) - EPOCH) // MICROSECOND
    last = (dt.datetime.max.replace(tzinfo=dt.timezone.utc) - EPOCH) // MICROSECOND

    assert [":" in write(ticks) for ticks in (first - 1, first, last, last + 1)] == [False, True, True, False]
    assert write(first - 1) == str((first - 1) / 1_000_000)
    assert write(last + 1) == str((last + 1) / 1_000_000)


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

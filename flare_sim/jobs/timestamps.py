"""Times as a real server writes them, always in UTC and for any tick whatever.

The calendar is computed here (proleptic Gregorian, whole numbers only): no platform limits, no time zone of the
machine, and nothing for a time-freezing library to replace.  Years that no longer have four digits are written as
plain seconds since the epoch.  What is often written again is kept: a second, the time of a submission, and how long
something took.
"""

from __future__ import annotations

from functools import lru_cache

from flare_sim.clock import TICKS_PER_SECOND, to_seconds

__all__ = ["calendar_text", "duration_text", "iso_text", "local_text", "second_text", "utc_text"]

_SECONDS_PER_DAY = 86_400
_DAYS_PER_ERA = 146_097
_DAYS_TO_EPOCH = 719_468
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _civil(days: int) -> tuple[int, int, int]:
    """Turn days since the epoch into year, month and day (years counted from March, then shifted back)."""
    days += _DAYS_TO_EPOCH
    era, day_of_era = divmod(days, _DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


@lru_cache(maxsize=1 << 10)
def _day(days: int) -> str:
    """Return a day as ``2026-01-01``, ``""`` in a year that has no four digits."""
    year, month, day = _civil(days)
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= year <= 9999 else ""


@lru_cache(maxsize=1 << 12)
def _second(seconds: int) -> tuple[str, str]:
    """Return day and time of day, as ``2026-01-01`` and ``00:00:00``."""
    days, second_of_day = divmod(seconds, _SECONDS_PER_DAY)
    minutes, second = divmod(second_of_day, 60)
    hour, minute = divmod(minutes, 60)
    return _day(days), f"{hour:02d}:{minute:02d}:{second:02d}"


@lru_cache(maxsize=1 << 12)
def iso_text(ticks: int) -> str:
    """Write a time as ``2026-01-01T00:00:00.000000+00:00`` (a job's submit_time_iso)."""
    seconds, micros = divmod(ticks, TICKS_PER_SECOND)
    day, time = _second(seconds)
    return f"{day}T{time}.{micros:06d}+00:00" if day else str(to_seconds(ticks))


def utc_text(ticks: int) -> str:
    """Write a time as ``2026-01-01T00:00:00Z``, with a fraction when there is one."""
    seconds, micros = divmod(ticks, TICKS_PER_SECOND)
    day, time = _second(seconds)
    fraction = f".{micros:06d}".rstrip("0").rstrip(".")
    return f"{day}T{time}{fraction}Z" if day else str(to_seconds(ticks))


def local_text(ticks: int) -> str:
    """Write a time as ``2026-01-01 00:00:00.000000`` (a job's start_time: local time of a server in UTC)."""
    seconds, micros = divmod(ticks, TICKS_PER_SECOND)
    day, time = _second(seconds)
    return f"{day} {time}.{micros:06d}" if day else str(to_seconds(ticks))


def second_text(ticks: int) -> str:
    """Write a time as ``2026-01-01 00:00:00`` (an entry of a job's schedule_history)."""
    day, time = _second(ticks // TICKS_PER_SECOND)
    return f"{day} {time}" if day else str(to_seconds(ticks))


@lru_cache(maxsize=1 << 8)
def calendar_text(ticks: int) -> str:
    """Write a time as ``Thu Jan  1 00:00:00 2026`` (when a client was last heard of, on a console)."""
    days = ticks // TICKS_PER_SECOND // _SECONDS_PER_DAY
    if not _day(days):
        return str(to_seconds(ticks))
    year, month, day = _civil(days)
    weekday = _WEEKDAYS[(days + 3) % 7]
    return f"{weekday} {_MONTHS[month - 1]} {day:2d} {second_text(ticks)[-8:]} {year}"


@lru_cache(maxsize=1 << 12)
def duration_text(ticks: int) -> str:
    """Write a length of time as ``0:00:06.900512``, days in front when there are any (a job's duration)."""
    seconds, micros = divmod(max(ticks, 0), TICKS_PER_SECOND)
    days, rest = divmod(seconds, _SECONDS_PER_DAY)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    lead = f"{days} day{'s' if days != 1 else ''}, " if days else ""
    return f"{lead}{hour}:{minute:02d}:{second:02d}.{micros:06d}"

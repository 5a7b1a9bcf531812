"""Texts without what differs from one run to the next."""

from __future__ import annotations

import pytest

from flare_sim.recording.replays.words import Words, is_time, seconds_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0:00:06.900512", "@duration"),
        ("2 days, 0:00:06.900512", "@duration"),
        ("2026-01-01 00:00:00.5", "@local"),
        ("2026-01-01T00:00:00+00:00", "@utc"),
        ("2026-01-01T00:00:00Z", "@utc"),
        ("2026-01-01 00:00:00: scheduled", "@time: scheduled"),
        ("cannot reach localhost on 8002: gone", "cannot reach localhost on @port: gone"),
        ("in /tmp/x/jobs/a at 10:00", "in @jobs/a at 10:00"),
        ("at 0:00:06.9", "at 0:00:06.9"),
    ],
)
def test_marks_stand_for_times_ports_and_folders(text: str, words: str) -> None:
    """All else stays."""
    assert Words({"/tmp/x/jobs": "@jobs"}).text(text) == words


def test_values_are_told_to_their_depth() -> None:
    """Orders that are those of sets are sorted."""
    value = {"at": 1767225600.5, "count": 2, "job_deploy_detail": ["site-2: OK", "server: OK"], "n": ["b", "a"]}

    assert Words().value(value) == {
        "at": "@time",
        "count": 2,
        "job_deploy_detail": ["server: OK", "site-2: OK"],
        "n": ["b", "a"],
    }


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00:06.5", 6.5),
        ("1 day, 1:02:03", 90_123.0),
        ("12 days, 0:00:00.25", 1_036_800.25),
        ("N/A", None),
        ("", None),
    ],
)
def test_a_duration_is_read(text: str, seconds: float | None) -> None:
    """As metas of jobs tell it."""
    assert seconds_in(text) == seconds


def test_a_time_is_a_float_since_the_epoch() -> None:
    """Neither a count nor a flag."""
    assert [is_time(value) for value in (1767225600.0, 1767225600, 6.5, True, "x")] == [
        True,
        False,
        False,
        False,
        False,
    ]

"""How far a sweep has come: a bar, lines, or nothing."""

from __future__ import annotations

import io

import pytest

from contract_tests.report.terminal import console
from contract_tests.sweep import progress
from tests.contract_tests.sweep.test_merged import EVERY, merged


def test_elsewhere_than_on_a_terminal_progress_is_a_line_at_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    """With what was found so far."""
    made = merged(seeds=range(20))
    with progress.shown(made, quiet=False) as told:
        for seed in range(20):
            made.add(EVERY[2]._replace(seed=seed))
            told()
            told()
    lines = capsys.readouterr().err.splitlines()

    assert len(lines) == 10
    assert lines[0].startswith("2 of 20 seeds, ")
    assert " seeds/s, about " in lines[0]
    assert lines[-1].endswith("failures so far: 2")


def test_on_a_terminal_progress_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is gone at the end."""
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    terminal = console(out)
    terminal._force_terminal = terminal.is_interactive = True
    monkeypatch.setattr(progress, "console", lambda **given: terminal)
    made = merged(seeds=range(20))
    with progress.shown(made, quiet=False) as told:
        made.add(EVERY[1])
        made.given_up = {5: "signal SIGKILL"}
        told()
    shown = out.getvalue()

    assert "1/20" in shown
    assert "given up: 1" in shown


def test_quietly_there_is_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing at all."""
    with progress.shown(merged(seeds=range(1)), quiet=True) as told:
        told()

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (89, "89 s"), (95, "2 min"), (3_599, "1 h 0 min"), (90_000, "25 h 0 min")]
)
def test_time_is_told_in_words(seconds: float, words: str) -> None:
    """As exact as anybody needs it."""
    assert progress._duration(seconds) == words

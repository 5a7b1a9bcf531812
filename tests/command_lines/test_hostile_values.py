"""Values that nobody means: each ends in a line that says what is wrong, and the exit code for it."""

from __future__ import annotations

import pytest

from tests.command_lines.rows import (
    NUMBER,
    ONE_OF,
    PROGRAMS,
    ROWS,
    SYSTEM,
    TEXT,
    command_line,
    parameters,
    taking,
)
from tests.command_lines.trying import COMMANDS_OWN, NO_NVFLARE, tried

ESCAPES = "\x1b[31mred\x1b[0m\x07"
LINES = "one\ntwo\r\x1b]0;title\x07"
WORDS = {
    "empty": "",
    "blank": "   ",
    "escapes": ESCAPES,
    "lines": LINES,
    "no-utf-8": "a\udcffb",
    "right-to-left": "a\u202eb",
    "markup": "[/x] [red]y[/red] :smile:",
    "html": '"><script>alert(1)</script>',
    "long": "x" * 10_000,
    "many-lines": "x\n" * 5_000,
}
NUMBERS = {
    **{name: WORDS[name] for name in ("empty", "escapes", "lines", "no-utf-8", "long")},
    "none": "nan",
    "infinite": "inf",
    "too-large": "1e999",
    "large": "1e308",
    "negative": "-1",
    "digits": "9" * 5_000,
    "arabic": "\u0661",
    "a-power": "\u00b2",
}
NAMED = {
    **{name: f"{word}:{word}" for name, word in WORDS.items()},
    "no-module": "nowhere.at_all:Thing",
    "no-file": "nowhere.py:Thing",
    "a-folder": ".:Thing",
    "relative": "..nowhere:Thing",
    "nothing-in-it": "json:Thing",
    "dots": "json:..",
    "a-value": "json:__name__",
}
_FINE = {("seed", "negative"), ("seed", "arabic"), ("max_job_bytes", "digits"), ("seed", "digits")}
"""Numbers that some parameter takes."""


def test_every_parameter_has_its_place_in_the_table() -> None:
    """A new command, or a new option, can't be forgotten."""
    found = {
        (program, name): sorted(parameters(program, name))
        for program, group in PROGRAMS.items()
        for name in group.commands
    }

    assert {key: sorted(row.takes) for key, row in ROWS.items()} == found


@pytest.mark.parametrize(("program", "command"), ROWS, ids=str)
def test_the_good_command_lines_are_good(program: str, command: str, at: dict[str, str]) -> None:
    """All that fails below fails for what was changed."""
    told = tried(program, command_line(program, command, at, {}))

    assert told.code in {0, 1}, told.output
    assert told.errors in ([], [NO_NVFLARE])


@pytest.mark.parametrize(("program", "command", "name"), taking(NUMBER, ONE_OF), ids=str)
def test_what_is_no_number_is_wrong_usage(program: str, command: str, name: str, at: dict[str, str]) -> None:
    """Nor is what is none of the words that there are."""
    option = parameters(program, command)[name].opts[0]
    for kind, value in NUMBERS.items():
        told = tried(program, command_line(program, command, at, {name: value}))

        if told.code != 2:
            assert told.code in {0, 1}, (kind, told.output)
            assert "Invalid value" not in told.output, kind
            continue
        assert len(told.errors) == 1, (kind, told.output)
        assert option in told.errors[0], (kind, told.output)


@pytest.mark.parametrize(("program", "command", "name"), taking(TEXT), ids=str)
def test_any_text_is_told_as_it_is(program: str, command: str, name: str, at: dict[str, str]) -> None:
    """Whether it means something or not, it moves no cursor, and stays in its line."""
    for kind, value in WORDS.items():
        for given in (value, f"{value}=x", f"x={value}", f"{value}:lead"):
            told = tried(program, command_line(program, command, at, {name: given}))

            assert told.code in COMMANDS_OWN, (kind, told.output)
            assert len(told.errors) <= 1, (kind, told.output)


@pytest.mark.parametrize(("program", "command", "name"), taking(SYSTEM), ids=str)
def test_what_names_no_system_is_wrong_usage(program: str, command: str, name: str, at: dict[str, str]) -> None:
    """A line says what was named, and why that is none."""
    for kind, value in NAMED.items():
        told = tried(program, command_line(program, command, at, {name: value}))

        assert told.code == 2, (kind, told.output)
        assert len(told.errors) == 1, (kind, told.output)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("line", [[ESCAPES], [f"--{ESCAPES}"], ["--", LINES], ["\udcff"]], ids=repr)
def test_what_is_no_command_is_wrong_usage(program: str, line: list[str]) -> None:
    """Whatever it is called."""
    told = tried(program, line)

    assert told.code == 2
    assert len(told.errors) == 1

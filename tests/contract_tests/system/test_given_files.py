"""Files that people hand in: one line for whatever can't be read, in every command."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.system import given_files


def deep(opened: str, closed: str, depth: int, inner: str = "") -> bytes:
    """Text that is nested so deep."""
    return (opened * depth + inner + closed * depth).encode()


CONTENTS = {
    "bom": (b"\xef\xbb\xbf{}", "begins with a byte order mark"),
    "no-utf-8": (b'a = "\xff"', "is no UTF-8"),
    "utf-16": ("a = 1".encode("utf-16"), "is no UTF-8"),
    "nul": (b"a = 1\0", "is no"),
    "deep": (b"REPRO = " + deep("[", "]", 5000), "is no"),
    "deep-calls": (b"REPRO = " + deep("-", "", 100_000, "1"), "is no"),
    "deep-json": (deep("[", "]", 5000), "is no"),
    "deeper-than-is-written": (deep("[", "]", 500), "is no"),
    "many-digits": (b"a = " + b"9" * 5000, "is no"),
    "large": (b" " * (16 * given_files.MIB + 1), "is larger than"),
}
COMMANDS = {
    "run": ["run", "-q", "--clause", "close.again", "--repro", "", "--deviations"],
    "verify": ["verify"],
    "replay": ["replay"],
}


@pytest.mark.parametrize("content", CONTENTS, ids=str)
@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_says_which_file_it_can_not_read(command: str, content: str, tmp_path: Path) -> None:
    """Wrong usage: exit code 2, and one line that names the file."""
    path = tmp_path / "given.file"
    path.write_bytes(CONTENTS[content][0])

    result = CliRunner().invoke(main, [*COMMANDS[command], str(path)])
    lines = [line for line in result.output.splitlines() if "given.file" in line]

    assert result.exit_code == 2, result.output
    assert len(lines) == 1
    assert CONTENTS[content][1] in lines[0]


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (given_files.toml_from, deep("a = [", "]", 1, "[" * 1000 + "]" * 1000)),
        (given_files.toml_from, b"a = "),
        (given_files.json_from, deep("[", "]", 100_000)),
        (given_files.json_from, deep("[", "]", given_files.DEEPEST + 1)),
        (ast.parse, deep("-", "", 100_000, "1")),
        (ast.parse, b"x ="),
    ],
)
def test_what_a_parser_gives_up_on_is_a_bad_file(parse: Callable[[str], Any], text: bytes, tmp_path: Path) -> None:
    """Whatever it raises for it."""
    path = tmp_path / "given.file"
    path.write_bytes(text)

    with pytest.raises(given_files.BadFile, match=r"^\S*given\.file is no form: .+$"):
        given_files.read(path, given_files.Form("form", parse, 1))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With what the system says of it."""
    with pytest.raises(given_files.BadFile, match=r"^\S*gone can't be read: No such file or directory$"):
        given_files.read(tmp_path / "gone", given_files.JSON)


def test_json_as_deep_as_allowed_is_read() -> None:
    """A value below the limit comes out as it is."""
    text = deep("[", "]", given_files.DEEPEST).decode()

    assert given_files.json_from(text) == json.loads(text)

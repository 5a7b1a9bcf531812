"""How a command line is tried in this process, and what has to hold whatever it says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from tests.command_lines.rows import PROGRAMS

COMMANDS_OWN = {0, 1, 2}
"""Exit codes by which a command says what it found out, or that the command line makes no sense."""
NOT_WRITTEN = 4
NO_NVFLARE = 'Error: flare_sim.nvflare needs NVFLARE: pip install "flare-sim[nvflare]"'
"""What some commands say where it is not installed, once all they were told makes sense."""
LONGEST = 1300
"""Characters of a line that can still be read: what is wrong, with what, and a path of some length."""


class Told(NamedTuple):
    """What came of a command line."""

    code: int
    output: str

    @property
    def errors(self) -> list[str]:
        """The lines that say what is wrong."""
        return [line for line in self.output.splitlines() if line.lower().startswith("error: ")]


def tried(program: str, line: list[str]) -> Told:
    """Run a command line; whatever it is: no traceback, nothing that moves a cursor, no line without an end."""
    result = CliRunner().invoke(PROGRAMS[program], line, prog_name=program)
    output = result.output

    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback (most recent call last)" not in output
    assert re.findall(r"[^\n -~\xa1-\U0010ffff]", output) == []
    told = Told(result.exit_code, output)
    assert [line for line in told.errors if len(line) > LONGEST] == []
    return told


def good_paths(folder: Path, report: str, reproducer: str, control: str) -> dict[str, str]:
    """What good command lines name."""
    job = folder / "job"
    (job / "app" / "config").mkdir(parents=True)
    (job / "app" / "config" / "config_fed_server.json").write_text("{}")
    (job / "app" / "config" / "config_fed_client.json").write_text("{}")
    (job / "meta.json").write_text('{"name": "small", "deploy_map": {"app": ["@ALL"]}, "min_clients": 1}')
    files = {"report": report, "reproducer": reproducer, "script": "", "trace": '[0,"fault","hold"]\n'}
    files |= {"scenario": "clients = 3\n", "control": control}
    files["recording"] = '{"recording":1,"by":"flare-sim","started":0}\n'
    for name, text in files.items():
        (folder / name).write_text(text)
    names = ("job", *files)
    return {**{name: str(folder / name) for name in names}, "new": str(folder / "new" / "file")}


def unreadable() -> str:
    """A regular file that can't be read, by whoever it is."""
    path = "/proc/self/mem"
    assert os.path.isfile(path)
    return path

"""Takes the pictures of the README: runs each command and writes what it prints on a terminal as an SVG.

Usage, from the root of the tree: python docs/make_pictures.py
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parent.parent
WIDTH: Final = 110


class Picture(NamedTuple):
    """A picture: its name, the command it shows, and how many lines of a long output, from either end."""

    name: str
    command: str
    first: int = 60
    last: int = 0


PICTURES: Final = (
    Picture("conformant", "flare-contract run", first=14, last=16),
    Picture(
        "violation",
        "flare-contract run contract_tests.mutants.catalogue.delete_job.refusals:RefusesRunning"
        " --clause delete.running",
    ),
    Picture("job", "flare-sim run examples/hello-job"),
)


def output(command: str) -> list[str]:
    """Run the command next to this interpreter and return the lines it prints, colors included."""
    name, *arguments = command.split()
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    arguments = [str(ROOT / argument) if argument.startswith("examples/") else argument for argument in arguments]
    with tempfile.TemporaryDirectory() as folder:  # reproducer scripts of the failures shown go here
        done = subprocess.run(
            [str(Path(sys.executable).parent / name), *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
    return done.stdout.rstrip().splitlines()


def take(picture: Picture) -> Path:
    """Write the picture's SVG and return its path."""
    lines = output(picture.command)
    if len(lines) > picture.first + picture.last:
        left_out = len(lines) - picture.first - picture.last
        lines = [*lines[: picture.first], f"   … {left_out} lines …", *lines[len(lines) - picture.last :]]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {picture.command}", style="bold"))
    for line in lines:
        console.print(Text.from_ansi(line))
    path = ROOT / "docs" / f"{picture.name}.svg"
    text = console.export_svg(title=picture.command.split()[0], theme=DIMMED_MONOKAI, unique_id=picture.name)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for picture in PICTURES:
        print(take(picture).relative_to(ROOT))

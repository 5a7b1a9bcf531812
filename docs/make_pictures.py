"""Takes the pictures of the documents: runs each command and writes what it prints on a terminal as an SVG.

Usage, from the root of the tree, with NVFLARE installed for the picture of a script: python docs/make_pictures.py
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parent.parent
WIDTH: Final = 112

MY_PACKAGE: Final = """
from contract_tests.reference import SimulatedSystem
from flare_sim import ServerConfig, SimulatedServer


class MySystem(SimulatedSystem):
    def __init__(self):
        self.server = SimulatedServer(
            clients=self.client_names,
            config=ServerConfig(max_download_bytes=self.download_limit),
            quirks=("delete-refused-while-running",),
        )
        self.clock = self.server.clock
"""
"""``my_package.py``, the system that breaks a promise in the pictures: the reference, but for one quirk."""


class Picture(NamedTuple):
    """A picture of a command.

    Attributes:
        name: the picture's name.
        command: what is run.
        first, last: how many lines of a long output are shown, from either end.
        errors: whether what it says on stderr is shown, too.
        code: whether its exit code is.
    """

    name: str
    command: str
    first: int = 60
    last: int = 0
    errors: bool = False
    code: bool = False


PICTURES: Final = (
    Picture("conformant", "flare-contract run", first=14, last=16),
    Picture("violation", "flare-contract run my_package:MySystem --clause delete.running"),
    Picture("job", "flare-sim run examples/hello-job"),
    Picture(
        "script",
        "flare-sim run-script --summary --run-seconds 3600 submit_and_fetch.py my/kit examples/hello-job",
        errors=True,
    ),
    Picture("gate", "flare-contract run --quiet my_package:MySystem", code=True),
)


def run(picture: Picture) -> tuple[list[str], int]:
    """Run the command next to this interpreter; the lines it prints, colors included, and its exit code."""
    name, *arguments = shlex.split(picture.command)
    terminal = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color", "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as folder:  # reproducer scripts of the failures shown go here
        (Path(folder) / "my_package.py").write_text(MY_PACKAGE, encoding="utf-8")
        for part in ("examples", "examples/scripts/submit_and_fetch.py"):
            (Path(folder) / Path(part).name).symlink_to(ROOT / part)
        done = subprocess.run(
            [str(Path(sys.executable).parent / name), *arguments],
            cwd=folder,
            env={**os.environ, **terminal},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if picture.errors else subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
    return done.stdout.rstrip().splitlines(), done.returncode


def take(picture: Picture) -> Path:
    """Write the picture's SVG and return its path."""
    lines, code = run(picture)
    if len(lines) > picture.first + picture.last:
        left_out = len(lines) - picture.first - picture.last
        lines = [*lines[: picture.first], f"   … {left_out} lines …", *lines[len(lines) - picture.last :]]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {picture.command}", style="bold"))
    for line in lines:
        console.print(Text.from_ansi(line))
    if picture.code:
        console.print(Text("$ echo $?", style="bold"))
        console.print(Text(str(code)))
    path = ROOT / "docs" / "pictures" / f"{picture.name}.svg"
    text = console.export_svg(title=picture.command.split()[0], theme=DIMMED_MONOKAI, unique_id=picture.name)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for picture in PICTURES:
        print(take(picture).relative_to(ROOT))

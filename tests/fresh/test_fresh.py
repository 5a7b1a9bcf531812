"""From a fresh environment: the README's line that serves, what it says to type, and a notebook of NVFLARE's.

The environment is made and filled by pip, which takes minutes; ``tox -e fresh`` runs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.fresh.notebook import CELLS, notebook
from tests.project.tree import ROOT, blocks

if TYPE_CHECKING:
    from pathlib import Path

ADMIN = "admin@nvidia.com"
LONG = 300
"""Seconds after which what a command does is over."""
LINE = "flare-sim serve"
"""What the README says to type."""
LAST = "Ctrl-C ends it.\n"
"""With this the command has said all."""


class Fresh(NamedTuple):
    """An environment that has what its pip was told to install, at a home of its own."""

    programs: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        """The variables of its shell: of this one's it has the language, and the place for what is temporary."""
        kept = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
        return {**kept, "PATH": f"{self.programs}{os.pathsep}{os.defpath}", "HOME": str(self.home)}

    def run(self, *lines: str) -> str:
        """What lines for a shell print, in a folder that has the examples, as a copy of the project has."""
        done = subprocess.run(
            ["bash", "-e", "-c", "\n".join(lines)],
            env=self.variables,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self, line: str) -> Iterator[list[str]]:
        """Serve while the block lasts, and give what is said."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {line}"], env=self.variables, cwd=self.home, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                yield [*iter(process.stdout.readline, LAST)]
            finally:
                process.terminate()
                assert process.wait(LONG) == 0


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """An environment with this project, with NVFLARE as its extra says, and what runs notebooks."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    programs, home = folder / "venv" / "bin", folder / "home"
    wanted = [f"{ROOT}[nvflare]", "nbclient", "ipykernel"]
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *wanted], check=True)
    shutil.copytree(ROOT / "examples", home / "examples")
    return Fresh(programs, home)


def test_the_readmes_line_serves_and_what_it_says_to_type_works(fresh: Fresh) -> None:
    """A job is submitted, listed and downloaded from another shell, with the kit that was printed."""
    assert LINE in [line for block in blocks("README.md") for line in block.text.splitlines()]
    with fresh.serving(f"{LINE} --port 0 --speed 40") as said:
        lines = [line.strip() for line in said[said.index("In another terminal:\n") + 1 : said.index("In Python:\n")]]
        export, submit, *others = [line.replace("my-job", "examples/hello-job") for line in lines]
        job_id = json.loads(fresh.run(export, f"{submit} --format json"))["data"]["job_id"]
        fresh.run(export, f"nvflare job wait {job_id}")
        told = fresh.run(export, *(line.replace("JOB_ID", job_id) for line in others))

    assert [line.split()[:3] for line in (submit, *others)] == [["nvflare", "job", do] for do in TYPED]
    assert job_id in told
    assert [*fresh.home.rglob(f"{job_id}/**/meta.json")] != []


TYPED = ("submit", "list", "download")


def test_a_notebook_of_nvflares_runs(fresh: Fresh) -> None:
    """All its cells, one after the other, in a kernel of Jupyter."""
    with fresh.serving(f"{LINE} --port 0 --speed 40 --run-seconds 40") as said:
        kit = next(line.split()[-1] for line in said if line.rstrip().endswith(f"/{ADMIN}"))
        path = fresh.home / "flare_api.ipynb"
        path.write_text(json.dumps(notebook(kit, str(fresh.home / "examples" / "hello-job"))))
        fresh.run(f"jupyter execute --inplace {path.name}")
        done = json.loads(path.read_text())

    shown = ["".join(str(one.get("text", "")) for one in cell["outputs"]) for cell in done["cells"]]
    failed = [one for cell in done["cells"] for one in cell["outputs"] if one["output_type"] == "error"]
    assert (len(shown), failed) == (1 + len(CELLS), [])
    assert "JOB_FINISHED True" in "".join("".join(text) for text in shown)

"""The scripts of the README that need NVFLARE run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.project.tree import ROOT, blocks

SCRIPTS = [
    block.text
    for block in blocks("README.md")
    if block.language == "python"
    and not block.file
    and re.search(r"^(?:from|import) \S*nvflare\b", block.text, re.MULTILINE)
]


def test_there_are_such_scripts() -> None:
    """The README shows how NVFLARE's own session is used."""
    assert SCRIPTS != []


@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_a_script_prints_what_it_says(script: str) -> None:
    """What the comments beside its prints say."""
    said = re.findall(r"^ *print\(.*\)  # (.*)$", script, re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert said != []
    assert [line for line in done.stdout.splitlines() if line in said] == said

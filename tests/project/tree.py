"""The files of this project, and what stands in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

__all__ = ["DOCUMENTS", "GUIDES", "LESSONS", "ROOT", "Block", "blocks", "files", "pyproject", "shown"]

ROOT: Final = Path(__file__).resolve().parents[2]

LESSONS: Final = tuple(
    path.relative_to(ROOT).as_posix()
    for folder in ("tutorials", "how-to", "scenarios")
    for path in sorted((ROOT / "docs" / folder).glob("*.md"))
)
"""What users read to do one thing; every command in it is tried as well."""

GUIDES: Final = (
    "README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
    *LESSONS,
)
"""What users read; every block of code in it is tried."""

DOCUMENTS: Final = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT, ROOT / "docs")
        for path in folder.glob("*.md" if folder == ROOT else "**/*.md")
    )
)
"""Every document."""

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"# ([\w.-]+\.\w+)\n")
_OURS = ("flare_sim", "contract_tests", "tests", "docs", "examples", ".ci", ".github")


class Block(NamedTuple):
    """A block of code in a document; ``file`` is the name its first line gives it, or empty."""

    language: str
    text: str
    file: str


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    found = []
    for language, text in _FENCED.findall((ROOT / document).read_text(encoding="utf-8")):
        named = _FILE_NAME.match(text)
        found.append(Block(language, text, named.group(1) if named else ""))
    return found


def shown(language: str) -> list[Block]:
    """The blocks of a language in all guides, each once, however many show it."""
    found = [block for guide in GUIDES for block in blocks(guide) if block.language == language]
    return list(dict.fromkeys(found))


def files() -> Iterator[Path]:
    """Every file of text of the project: none of what tools leave behind."""
    yield from (path for path in sorted(ROOT.glob("*")) if path.suffix in (".md", ".toml", ".ini"))
    for folder in _OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT / folder).parts
            left = any(part.startswith((".", "__pycache__", "venv")) for part in inside)
            if path.is_file() and path.suffix != ".png" and not left:
                yield path


@cache
def pyproject() -> dict[str, Any]:
    """What pyproject.toml says."""
    said: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return said

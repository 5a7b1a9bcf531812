"""The mutants that no test can kill, as they do what the original does: ``survivors.toml`` has a reason for each."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

ROOT: Final = Path(__file__).parents[2]
FILE: Final = Path(__file__).with_name("survivors.toml")


class Survivor(NamedTuple):
    """A mutant that is equivalent to what it was made of."""

    module: str
    """Where it is: ``flare_sim.clock``."""
    function: str
    """In which function, or method: ``VirtualClock.sleep``."""
    original: str
    """The lines that it changes, without indentation."""
    mutant: str
    """What it makes of them."""
    why: str
    """Why nobody can tell the two apart."""


def listed() -> list[Survivor]:
    """Return what the file says.

    Raises:
        TypeError: an entry lacks a key, or has one too many.
    """
    return [Survivor(**entry) for entry in tomllib.loads(FILE.read_text(encoding="utf-8")).get("survivor", [])]


def problem_of(survivor: Survivor) -> str | None:
    """Return what is wrong with an entry, None when it is about code there is."""
    if not survivor.why or survivor.original == survivor.mutant:
        return "says nothing"
    source = source_of(survivor.module, survivor.function)
    if source is None:
        return "is about a function that is not there"
    return None if survivor.original in source else "is about lines that are not there any more"


@lru_cache(maxsize=1)  # entries are by modules
def _parsed(path: Path) -> tuple[str, ast.Module]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return text, ast.parse(text)


def source_of(module: str, function: str) -> str | None:
    """Return the lines of a function without their indentation, None when there is no such function."""
    text, tree = _parsed(ROOT.joinpath(*module.split(".")).with_suffix(".py"))
    body = tree.body
    for name in function.split("."):
        found = [n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
        if not found:
            return None
        body = found[0].body
    return unindented(ast.get_source_segment(text, found[0]) or "")


def unindented(text: str) -> str:
    """Return lines without their indentation."""
    return "\n".join(line.strip() for line in text.splitlines())

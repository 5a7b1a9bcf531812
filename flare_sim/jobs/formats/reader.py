"""Reads a file by the format its name says."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flare_sim.jobs.formats.failures import BeyondSimulator, Unreadable
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["language_of", "read_file"]

_LANGUAGES: Mapping[str, str] = MappingProxyType({"json": "JSON", "conf": "HOCON", "yml": "YAML", "yaml": "YAML"})
_PLACE = re.compile(r"(?:\(at char \d+\), )?\(line: ?(\d+), col: ?(\d+)\)")
"""How pyparsing and pyhocon say where something is."""
_SHOWN = 120
"""Characters of what a parser says that are told."""


def language_of(name: str) -> str:
    """Return the language a file is written in by its name: ``"JSON"``, ``"HOCON"`` or ``"YAML"``."""
    return _LANGUAGES[name.removesuffix(".default").rpartition(".")[2]]


def read_file(name: str, content: bytes, *, any_unicode: bool = False) -> Any:
    """Return what a file says, in dicts, lists and scalars.

    Args:
        name: its name or path.
        content: its bytes.
        any_unicode: whether JSON may be in UTF-16, UTF-32 or begin with a byte order mark (NVFLARE 2.3); else all is
            UTF-8.

    Raises:
        BeyondSimulator: the simulator does not read it.
        Unreadable: nobody can.
    """
    language = language_of(name)
    try:
        if language == "JSON":
            from json import loads

            return loads(content if any_unicode else content.decode())
        if language == "HOCON":
            from flare_sim.jobs.formats.hocon import parse_hocon

            return parse_hocon(content.decode())
        from flare_sim.jobs.formats.yaml_text import parse_yaml

        return parse_yaml(content.decode())
    except BeyondSimulator:
        raise
    except RecursionError as problem:
        raise Unreadable("is nested too deeply", problem) from problem
    except Exception as problem:  # the parsers, and what reads for them, raise too many kinds to list
        told = f"is not {language} ({_short(problem)})"
        if type(problem).__name__ == "ConfigSubstitutionException":
            told = f"has a reference that leads nowhere ({_short(problem)}); an environment variable counts as not set"
        raise Unreadable(told, problem, _place(problem)) from problem


def _short(problem: Any) -> str:
    """Return the line of what a parser says that tells what is wrong."""
    text: str = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
    text = _PLACE.sub("", text).strip() or type(problem).__name__
    return readable(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _place(problem: Any) -> str:
    """Return where the parser was when it gave up, as far as it says."""
    mark = getattr(problem, "problem_mark", None)
    if mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1}"
    said = _PLACE.search(str(problem))
    if said is not None:
        return f"line {said[1]}, column {said[2]}"
    line = getattr(problem, "lineno", None)
    column = getattr(problem, "colno", None)
    return f"line {line}, column {column}" if line and column else ""

"""Reads HOCON as pyhocon does, which is what NVFLARE reads ``.conf`` files with since 2.4."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import islice
from threading import Lock
from types import FunctionType, SimpleNamespace
from typing import Any, Final

from flare_sim.jobs.formats.failures import OWN_LIMIT, BeyondSimulator, check_growth, check_size

__all__ = ["parse_hocon"]

_MOST: Final = 16_384
_MOST_MARKS: Final = 800
"""pyhocon takes up to 200 microseconds for each."""
_COMMENT: Final = re.compile(r"^[ \t]*(?:#|//)[^\n\r]*", re.MULTILINE)
_MARK: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\\.|[^\s"\\.\[\]{},=:+#]+|\n\s*|\S')
_ONE_AT_A_TIME: Final = Lock()
"""pyhocon tells pyparsing what white space is while it makes its grammar, for the whole process."""


def parse_hocon(text: str) -> Any:
    """Return what HOCON says, in dicts, lists and scalars; a duration is a ``timedelta``.

    A ``${name}`` that is not in the text is not set: the environment, where pyhocon looks then, is taken to be empty.

    Raises:
        BeyondSimulator: it includes something, or is larger than the simulator reads.
        Exception: it is no HOCON; what pyhocon raises.
    """
    check_size(text, _MOST, "HOCON")
    check_growth(len(text), text.count("${") + text.count("+="))
    _check_marks(text)
    from pyhocon.config_parser import ParserElement

    parser = _parser()
    with _ONE_AT_A_TIME:
        # Of a text that it can't read pyhocon leaves the white space as it was for HOCON.
        white_space = ParserElement.DEFAULT_WHITE_CHARS
        try:
            return _plain(parser.parse(text))
        finally:
            ParserElement.set_default_whitespace_chars(white_space)


def _check_marks(text: str) -> None:
    """Refuse a text of many parts, as pyhocon takes its time for each: words, texts in quotes, signs, ends of lines.

    A line that is a comment is one; where that is not to be told by its beginning, what is in it counts, too.
    """
    if '"""' not in text:
        text = _COMMENT.sub("#", text)
    marks = sum(1 for _ in islice(_MARK.finditer(text), _MOST_MARKS + 1))
    if marks > _MOST_MARKS:
        raise BeyondSimulator(f"has more than {_MOST_MARKS} words and signs, {OWN_LIMIT}")


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Return pyhocon's parser, its functions made again with other globals, in which there is no outside."""
    from pyhocon import config_parser

    inside = {
        **vars(config_parser),
        "ConfigFactory": SimpleNamespace(parse_file=_refuse_include, parse_URL=_refuse_include),
        "glob": _refuse_include,
        "find_package_dirs": _refuse_include,
        "os": SimpleNamespace(environ={}, path=os.path),
    }
    functions = {
        name: classmethod(FunctionType(member.__func__.__code__, inside, name, member.__func__.__defaults__))
        for name, member in vars(config_parser.ConfigParser).items()
        if isinstance(member, classmethod)
    }
    return type("Parser", (config_parser.ConfigParser,), functions)


def _refuse_include(name: str, *_args: Any, **_options: Any) -> Any:
    raise BeyondSimulator(f"includes {name!r}, which is not in the job's own file; the simulator reads nothing else")


def _plain(item: Any) -> Any:
    """Return the plain values of what pyhocon made; a key in quotes is the key without them."""
    if isinstance(item, dict):
        return {key.strip('"'): _plain(value) for key, value in item.items()}
    if isinstance(item, list):
        return [_plain(value) for value in item]
    return item

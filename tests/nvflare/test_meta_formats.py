"""Metas read by the installed release's own loaders and by the simulator: the same values, the same failures."""

from __future__ import annotations

import json
import logging
import os
import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flare_sim.jobs.formats.failures import BeyondSimulator
from flare_sim.jobs.formats.reader import read_file
from flare_sim.nvflare import installed_release
from flare_sim.personality.release_rules import RELEASE_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = RELEASE_RULES[installed_release().name]
SUFFIXES = RULES.meta_suffixes
MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["@ALL", "5 s", "a b"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)
FRAGMENTS = {
    "JSON": [*'{}[]":,\\', "\n", " ", "a", "1", "NaN", "-Infinity", "1e999", "true", "null", '"a"', '"a":', "9" * 400],
    "HOCON": [
        *'{}[]":,=#+$\\.?/ \n\t',
        *("a", "b", "a.b", "1", "1.5e3", "true", "null", "5 days", "10 s", '"""', '"a"', "//", "+=", "a = ", "b: "),
        *("${a}", "${?b}", "${a.b}", "${HOME}", "@ALL", "é", "9" * 400, "a { ", "}\n"),
    ],
    "YAML": [
        *"{}[]:,-?!&*#|>%@'\" \n\t",
        *(
            "a",
            "b",
            "a: ",
            "b:\n",
            "  ",
            "- ",
            "1",
            "1_0",
            "0x1f",
            "010",
            "1e3",
            "1:30",
            ".nan",
            "~",
            "on",
            "no",
            "null",
        ),
        *("&a ", "*a", "<<: ", "!!str ", "!!binary ", "!!set ", "---\n", "...", "${a}", "${.b}", "${", "2001-01-01"),
        *("???", "é", "\ufeff", "9" * 400, "'x'", "!!python/none "),
    ],
}


def written(language: str) -> st.SearchStrategy[str]:
    """Texts of a language: values it can say, and heaps of what it is made of."""
    return st.lists(st.sampled_from(FRAGMENTS[language]), max_size=25).map("".join) | VALUES.map(
        lambda value: json.dumps(value, ensure_ascii=False)
    )


ENCODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1"])


def outcome(read: Callable[[], Any]) -> str:
    """What came of reading: the value or the kind of failure, in text, as NaN is not itself."""
    try:
        return re.sub(" at 0x[0-9a-f]+", "", repr(read()))
    except BeyondSimulator:
        raise
    except Exception as problem:  # noqa: BLE001 - the loaders' failures are what is compared
        return f"raises {type(getattr(problem, 'cause', problem))}"


def loaded(suffix: str, content: bytes) -> Any:
    """What the installed release makes of a meta."""
    if SUFFIXES == (".json",):
        return json.loads(content)
    from nvflare.fuel.utils.config import ConfigFormat
    from nvflare.fuel.utils.config_factory import ConfigFactory

    loader = ConfigFactory.get_config_loader(ConfigFormat.config_ext_formats()[suffix])
    return loader.load_config_from_str(content.decode()).to_dict()


def agree(suffix: str, content: bytes) -> None:
    """Hold the simulator's reader to the release's, in an environment that sets nothing."""
    logging.disable()
    with patch.dict(os.environ, clear=True):
        try:
            ours = outcome(lambda: read_file(f"meta{suffix}", content, any_unicode=RULES.any_unicode))
        except BeyondSimulator:
            return
        assert ours == outcome(lambda: loaded(suffix, content))


def test_the_suffixes_are_the_releases() -> None:
    """In their order."""
    if SUFFIXES != (".json",):
        from nvflare.fuel.utils.config import ConfigFormat

        assert tuple(ConfigFormat.config_ext_formats()) == SUFFIXES == RULES.config_suffixes


LANGUAGES = {"JSON": ".json"} if SUFFIXES == (".json",) else {"JSON": ".json", "HOCON": ".conf", "YAML": ".yml"}
"""What the release reads -> the suffix it has."""


@pytest.mark.parametrize("language", LANGUAGES)
@MANY
@given(data=st.data())
def test_texts_are_read_alike(language: str, data: st.DataObject) -> None:
    """What they say, what they refer to, and how they are broken, in every encoding."""
    text = data.draw(written(language))
    encoding = data.draw(ENCODINGS)

    agree(LANGUAGES[language], text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace"))


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(MANY, max_examples=50)
@given(content=st.binary(max_size=30))
def test_bytes_are_read_alike(suffix: str, content: bytes) -> None:
    """Whatever they are."""
    agree(suffix, content)


CASES = [
    *("", "7", "abc", "[]", "[null]", "{}", "[" * 100_000, "1" * 5000, '{"a": 1, "a": 2}', '{"a": 1e999}', "null"),
    *(
        "a = ${HOME}",
        "HOME = ${?HOME} b",
        "a = 5 days",
        "a = 3 months",
        "a += [1]",
        "a = 1\na { b = 2 }",
        "a { b = 2 }\na = 1",
    ),
    *("a = ${b}\nb = ${a}", "a = [1] ${b}\nb = [2]", '"a.b" = 1', "a.b = 1", "a = tRue", "a = yes", 'a = """b"""'),
    *(
        "a: ${b}",
        "a: !!set {x}",
        "a: !!binary aGk=",
        "1: 2",
        "null: 3",
        "a: 1\na: 2",
        "<<: {a: 1}",
        "a: ${a}",
        "a: ???",
    ),
    *("- a", "---\na: 1\n---\nb: 1", "a: !!python/object/apply:os.getcwd []", "a: 2001-01-01", "? [a]\n: b", "a: *b"),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_seen_to_matter_is_read_alike(suffix: str) -> None:
    """Texts for which readers of the same language differ."""
    for text in CASES:
        agree(suffix, text.encode())

"""What is read as HOCON: nothing is included, whatever includes it, and a text is read like any other beside it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import InvalidJobDefinition, JobDefinition
from flare_sim.jobs.formats.hocon import parse_hocon
from tests.flare_sim.job_samples import APP_FILES, job_meta, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

META = 'name = small\nresource_spec {}\nmin_clients = 2\ndeploy_map { app = ["@ALL"] }\n'


def job(meta: str) -> JobDefinition:
    """A job with such a meta.conf."""
    return JobDefinition.from_files({"meta.conf": meta, **APP_FILES})


@pytest.fixture(scope="module")
def watched() -> Iterator[list[tuple[Any, ...]]]:
    """What is opened, and connected to, from now on; no hook can be taken out again, so there is one for all tests."""
    seen: list[tuple[Any, ...]] = []
    watching = [True]

    def note(event: str, details: tuple[Any, ...]) -> None:
        if event in ("open", "socket.connect") and watching:
            seen.append(details)

    sys.addaudithook(note)
    yield seen
    watching.clear()


@pytest.fixture
def opened(watched: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """What a test opens; what others left behind is not removed meanwhile."""
    gc.disable()
    yield watched
    gc.enable()


@pytest.mark.parametrize(
    "include",
    ['"app.conf"', 'file("app.conf")', 'required(file("app.conf"))', '"*.conf"', 'package("flare_sim:app.conf")']
    + [f'{kind}("http://127.0.0.1:9/{kind}")' for kind in ("url", "file")]
    + ['"https://127.0.0.1:9"', '"file:///etc/hostname"'],
)
def test_nothing_is_included(
    include: str, opened: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is opened, no address asked and no package imported, wherever the include stands."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"app.conf": META})
    with pytest.raises(InvalidJobDefinition, match=r"meta\.conf includes"):
        job(f"include {include}")  # and what that needs is loaded
    opened.clear()

    for text in (f"include {include}", f"a {{ include {include} }}", f"a = [include {include}]", META + include):
        with pytest.raises(InvalidJobDefinition):
            job(text)

    assert opened == []


def test_the_word_include_alone_includes_nothing() -> None:
    """In a comment, in quotes or as the beginning of a key."""
    text = META + '# include "x"\nquoted = "include \\"x\\""\nincluded = 1\n'

    assert job(text).meta == {**job_meta(), "quoted": 'include "x"', "included": 1}


def test_a_parser_leaves_nothing_behind() -> None:
    """What pyparsing takes for white space is the process's own, also when a text is broken."""
    from pyparsing import ParserElement

    before = ParserElement.DEFAULT_WHITE_CHARS
    parse_hocon("a = 1")
    with pytest.raises(Exception, match="Expected"):
        parse_hocon("a = {")

    assert before == ParserElement.DEFAULT_WHITE_CHARS


def test_texts_are_read_by_several_threads_at_once() -> None:
    """Each gets what it says, though pyhocon makes its grammar with what the process shares."""
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"a{number} = {number}\nb = x y\n" for number in range(40)]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(parse_hocon, texts)) == [{f"a{n}": n, "b": "x y"} for n in range(40)]

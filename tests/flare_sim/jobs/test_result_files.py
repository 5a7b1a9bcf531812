"""The files that a run leaves: where they may lie, what they hold, and what gives way to them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.jobs.result_files import RunFiles, clashing, laid_over, result_content, result_path
from flare_sim.untrusted_values import shown


@pytest.mark.parametrize(
    "path",
    [
        *("", "/a", "a/", "a//b", "a/../b", ".", "..", "a\\b", "a\nb", "a\0b", "\ud800", "x" * 1025, "x" * 256),
        *("ä" * 128, "/".join(["ä" * 100] * 6)),
        *(None, 3, b"a", "app_server", "log.txt/a", "meta.json/a/b", "fl_app.txt/x"),
    ],
)
def test_a_result_file_needs_a_plain_place(path: Any) -> None:
    """A result file's path is relative and plain, and not where the server keeps something else."""
    with pytest.raises(ValueError, match=r"path|keeps") as refused:
        result_path(path)
    assert str(refused.value).startswith(shown(path))


@pytest.mark.parametrize(
    "path",
    [
        *(
            "a",
            "a/b/c.npy",
            "log.txt",
            "models/ä.npy",
            "app_server/FL_global_model.pt",
            "app_site-1/local.pt",
            "log.json",
        ),
        *(
            "/".join(["x" * 255] * 3 + ["x" * 254, "x"]),
            "log.json",
            "x" * 255,
            "app_server_2",
            "simulate_job/tb_events/a b.1",
            ".cache",
            "..a",
            "config/log.txt",
        ),
    ],
)
def test_a_plain_place_will_do(path: str) -> None:
    """A plain relative path is taken as it is; the log may be replaced."""
    assert result_path(path) == path


def test_content_becomes_bytes() -> None:
    """Bytes are copied, text is encoded, lone surrogates and all; anything else is refused."""
    mutable = bytearray(b"ab")

    assert [result_content(item) for item in (mutable, memoryview(b"x"), "é", "\ud800")] == [
        b"ab",
        b"x",
        b"\xc3\xa9",
        b"\xed\xa0\x80",
    ]
    with pytest.raises(ValueError, match="text or bytes"):
        result_content(3)


@given(st.lists(st.text("ab/", min_size=1).filter(lambda text: "" not in text.split("/")), unique=True, max_size=8))
def test_a_file_is_not_also_a_folder(paths: list[str]) -> None:
    """A clash is reported exactly when one path lies under another."""
    expected = any(other.startswith(path + "/") for path in paths for other in paths)

    found = clashing(dict.fromkeys(paths))

    assert (found is not None) == expected
    assert found is None or (found in paths and any(other.startswith(f"{found}/") for other in paths))


PATHS = st.lists(st.sampled_from(["a", "b", "app_server"]), min_size=1, max_size=3).map("/".join)


@given(st.lists(st.tuples(st.booleans(), PATHS), max_size=20))
def test_files_are_put_in_and_taken_out_and_never_clash(steps: list[tuple[bool, str]]) -> None:
    """What is refused has no place, or would be both a file and a folder; a folder without files is none."""
    files, model = RunFiles(), dict[str, bytes]()
    for put, path in steps:
        if not put:
            assert files.pop(path, None) == model.pop(path, None)
            continue
        try:
            files[path] = path
        except ValueError:
            assert path == "app_server" or clashing([*model, path]) is not None
        else:
            model[path] = path.encode()
    assert files == model == files.plain
    assert (len(files), list(files), clashing(files)) == (len(model), list(model), None)


@pytest.mark.parametrize(
    "put",
    [
        lambda files: files.update({"../a": b""}),
        lambda files: files.setdefault("a", 3),
        lambda files: files.update(a=None),
        lambda files: files.__setitem__(3, b""),
        lambda files: files.__setitem__("there/a", b""),
    ],
)
def test_whichever_way_files_are_put_in_they_are_checked(put: Any) -> None:
    """And those there are stay as they were."""
    files = RunFiles()
    files["there"] = "x"
    with pytest.raises(ValueError, match=r"path|text or bytes|both a file and a folder"):
        put(files)

    assert files.plain == {"there": b"x"}
    assert repr(files) == "<RunFiles: ['there']>"


@given(st.lists(PATHS), st.lists(PATHS))
def test_what_is_in_the_way_gives_way(below: list[str], above: list[str]) -> None:
    """All that a run left is there, and of the rest whatever does not clash with it."""
    left = RunFiles()
    for path in above:
        with suppress(ValueError):
            left[path] = "new"
    before = {path: b"old" for path in below if clashing([path, *below]) is None}
    files = laid_over(before, left.plain)

    assert files.items() >= left.items()
    assert files.keys() - left.keys() == {path for path in before.keys() - left.keys() if not clashing([path, *left])}

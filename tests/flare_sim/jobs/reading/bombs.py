"""Zip files and folders made to cost much when they are read as jobs."""

from __future__ import annotations

import struct
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.flare_sim.job_samples import job_files, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = ["FOLDERS", "ZIP_FILES"]

_ENTRY = "<4s6H3I5H2I"
_END = "<4s4H2IH"


def _zip_of(path: Path, files: Mapping[str, Any]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def _with_entries(path: Path, names: Iterable[bytes], *, said: int = 0) -> None:
    """A good zip file, but for a directory with more entries, which all lead to its first file."""
    _zip_of(path, job_files())
    good = path.read_bytes()
    end = good.rindex(b"PK\x05\x06")
    start = struct.unpack_from(_END, good, end)[6]
    entry = cache(
        lambda name: struct.pack(_ENTRY, b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    )
    more = b"".join(map(entry, names))
    size = end - start + len(more)
    path.write_bytes(good[:end] + more + struct.pack(_END, b"PK\5\6", 0, 0, said, said, size, start, 0))


def _lying_zip64(path: Path) -> None:
    """A zip file whose directory is said to have 2 ** 62 bytes."""
    _zip_of(path, job_files())
    good = path.read_bytes()
    end = good.rindex(b"PK\x05\x06")
    z64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 1 << 62, 0)
    located = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    path.write_bytes(good[:end] + z64 + located + struct.pack(_END, b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0))


def _compressed(path: Path, method: int) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("meta.json", "{}")
        archive.writestr("x", bytes(10 << 20))


ZIP_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "deep": (lambda path: _zip_of(path, {**job_files(), "a/" * 32_700 + "x": ""}), "max_job_depth"),
    "long-name": (lambda path: _zip_of(path, {**job_files(), "a" * 256: ""}), "max_name_bytes"),
    "long-path": (lambda path: _zip_of(path, {**job_files(), f"{'a' * 200}/" * 6 + "x": ""}), "max_path_bytes"),
    "large-meta": (lambda path: _zip_of(path, {**job_files(), "meta.json": f"[{'[],' * 200_000}0]"}), "max_meta_bytes"),
    "zeros": (lambda path: _zip_of(path, {**job_files(), "app/x": bytes(17 << 20)}), "max_zip_ratio"),
    "files": (lambda path: _with_entries(path, (b"%d" % n for n in range(19_000)), said=5), "max_job_files"),
    "folders": (lambda path: _with_entries(path, (b"%d/" % n for n in range(19_000))), "max_job_files"),
    "one-folder-a-file": (lambda path: _with_entries(path, (b"%d/x" % n for n in range(9_000))), "max_job_files"),
    "the-same-file": (lambda path: _with_entries(path, [b"x"] * 20_000), "max_job_files"),
    "long-names": (
        lambda path: _with_entries(path, (b"../%d" % n + b"\x01" * 60_000 for n in range(16))),
        "zip-outside",
    ),
    "million": (lambda path: _with_entries(path, [b"x/"] * 450_000), "max_job_files"),
    "zip64": (_lying_zip64, "zip-damaged"),
    "bzip2": (lambda path: _compressed(path, zipfile.ZIP_BZIP2), "zip-method"),
    "lzma": (lambda path: _compressed(path, zipfile.ZIP_LZMA), "zip-method"),
}
"""Name -> what makes the zip file, and the limit that it hits, or the kind of problem it has."""


def _sparse(folder: Path, size: int, *names: str) -> None:
    write_files(folder, job_files())
    for name in names:
        with open(folder / name, "wb") as file:
            file.truncate(size)


def _with_folders(folder: Path, names: Iterable[str]) -> None:
    write_files(folder, job_files())
    for name in names:
        (folder / name).mkdir(parents=True)


FOLDERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "sparse": (lambda folder: _sparse(folder, (1 << 30) - (1 << 20), "app/x"), ""),
    "sparse-files": (lambda folder: _sparse(folder, 2 << 20, *(f"app/{number}" for number in range(100))), ""),
    "sparse-meta": (lambda folder: _sparse(folder, 1 << 30, "meta.json"), "max_meta_bytes"),
    "large": (lambda folder: _sparse(folder, 1 << 40, "app/x"), "max_job_bytes"),
    "deep": (lambda folder: _with_folders(folder, ["/".join("a" * 70)]), "max_job_depth"),
}
"""Name -> what makes the folder, and the limit that it hits, or nothing."""

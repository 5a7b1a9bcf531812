"""What a job folder costs that is submitted, beside a bare look at its folders and files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flare_sim import SimulatedServer
from tests.benchmarks.compare import each, side_by_side

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

FILES = {
    "meta.json": '{"name": "small", "min_clients": 1, "deploy_map": {"app": ["@ALL"]}}',
    "app/config/config_fed_server.json": "{}",
    "app/config/config_fed_client.json": "{}",
}
LOOKS = 200


def bare(folder: str) -> dict[str, bytes]:
    """Everything in a folder, opened as nobody can put a link in its place, and read."""
    files: dict[str, bytes] = {}
    waiting = [("", os.open(folder, os.O_DIRECTORY))]
    while waiting:
        inside, number = waiting.pop()
        with os.scandir(number) as found:
            for entry in found:
                kind = os.O_DIRECTORY if entry.is_dir(follow_symlinks=False) else 0
                opened = os.open(entry.name, os.O_NOFOLLOW | os.O_NONBLOCK | kind, dir_fd=number)
                if kind:
                    waiting.append((f"{inside}{entry.name}/", opened))
                else:
                    files[inside + entry.name] = os.read(opened, os.fstat(opened).st_size + 1)
                    os.close(opened)
        os.close(number)
    return files


def test_a_job_folder(benchmark: BenchmarkFixture, compare: Compare, tmp_path: Path) -> None:
    """Read, judged by its rules, and seen to ask for nothing that no client has: a few times what reading it takes."""
    folder = tmp_path / "job"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    server, where, looks = SimulatedServer(), str(folder), range(LOOKS)

    def read(_: Any) -> None:
        bare(where)

    def examined(_: Any) -> None:
        server.examine(where)

    assert bare(where) == {path: text.encode() for path, text in FILES.items()}
    benchmark.pedantic(examined, args=(None,), rounds=10, iterations=LOOKS)
    found = side_by_side(20, LOOKS, (lambda: looks, each(read)), (lambda: looks, each(examined)))
    compare("bare files, a job folder examined", found, "<= 5")

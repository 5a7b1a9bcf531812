"""Work on several processes comes back in order, with its errors, and is given up when nobody wants the rest."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from multiprocessing import forkserver
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.engine.processes import Lost, Pool, _context, in_order, warm_up
from contract_tests.system import temporary_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _comes_to_an_end() -> Iterator[None]:
    """Whoever waits for what never comes fails after a minute."""

    def fail(number: int, frame: object) -> None:
        pytest.fail("it has not come to an end")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _square(number: int) -> int:
    return number * number


def _whose(_: int) -> int:
    return os.getpid()


def _fail(number: int) -> int:
    raise ArithmeticError(f"{number} is no good")


def _vanish(number: int) -> int:
    os._exit(number)


def _environment(name: str) -> tuple[str | None, str]:
    return os.environ.get(name), tempfile.gettempdir()


def _scratch(_: int) -> str:
    return str(temporary_folders.scratch())


def test_processes_leave_no_folder_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What they made is gone with them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    made = list(in_order(_scratch, [1, 2], 2))

    assert {Path(folder).parent.parent for folder in made} == {tmp_path}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("flare-contract-")] == []


def test_processes_have_the_environment_of_the_moment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not that of the first that were ever started."""
    list(in_order(_square, [1, 2], 2))
    monkeypatch.setenv("FLARE_MADE_UP", "yes")
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert list(in_order(_environment, ["FLARE_MADE_UP"] * 2, 2)) == [("yes", str(tmp_path))] * 2


def _touch_slowly(folder: str, number: int) -> int:
    Path(folder, str(number)).touch()
    time.sleep(0.05)  # so that all of it takes far longer than waiting for the first
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    """Whatever was done first."""
    assert list(in_order(_square, range(20), jobs)) == [number * number for number in range(20)]


def _noted(folder: str, number: int) -> int:
    with (Path(folder) / "begun").open("a", encoding="utf-8") as file:
        file.write(f"{number} ")  # as a whole: it is short
    return number


def test_what_takes_long_is_begun_halfway(tmp_path: Path) -> None:
    """Before the rest has come to its end, and what comes of it comes in its place."""
    results = list(in_order(partial(_noted, str(tmp_path)), range(40), 2, long={38, 39}))
    begun = [int(number) for number in (tmp_path / "begun").read_text(encoding="utf-8").split()]

    assert results == list(range(40))
    assert {18, 19, 20, 21} & {begun.index(38), begun.index(39)}
    assert sorted(begun) == results


def test_who_looks_at_a_result_lets_no_process_wait(tmp_path: Path) -> None:
    """As many are begun as there are processes beside what is done."""
    with closing(in_order(partial(_noted, str(tmp_path)), range(9), 2)) as results:
        next(results)

        assert len(_until(lambda: [int(number) for number in (tmp_path / "begun").read_text("utf-8").split()], 3)) >= 3
        assert list(results) == [*range(1, 9)]


def _ends_at(last: int, number: int) -> int:
    if number == last:
        os._exit(1)
    return number


@pytest.mark.parametrize("last", [3, 19])
def test_what_comes_before_a_process_that_ends_is_told_first(last: int) -> None:
    """Also where that one was begun before its turn."""
    results = in_order(partial(_ends_at, last), range(20), 2, long={19})

    assert [next(results) for _ in range(last)] == list(range(last))
    with pytest.raises(Lost, match=f"at {last}"):
        next(results)


def test_one_job_is_done_here_and_more_elsewhere() -> None:
    """No process is started for one."""
    assert set(in_order(_whose, [1, 2], 1)) == {os.getpid()}
    assert os.getpid() not in set(in_order(_whose, [1, 2], 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised(jobs: int) -> None:
    """With its type and text."""
    with pytest.raises(ArithmeticError, match="3 is no good"):
        list(in_order(_fail, [3], jobs))


def test_a_process_that_ends_is_told() -> None:
    """It does not hang, and does not pass for a result."""
    with pytest.raises(Lost, match="in the middle of its work"):
        list(in_order(_vanish, [7], 2))


def test_what_nobody_waits_for_is_not_begun(tmp_path: Path) -> None:
    """After the first result is enough, most of the rest is left."""
    results = in_order(partial(_touch_slowly, str(tmp_path)), range(500), 2)

    assert next(results) == 0
    results.close()
    assert len(list(tmp_path.iterdir())) < 500


def _nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_a_wait_ends_in_time_though_nothing_is_done() -> None:
    """What is done later is told by a later one, with the number it was handed over with."""
    pool = Pool(_nap)
    try:
        pool.give(0.3, number=7)
        assert pool.busy == 1
        assert pool.wait(0.0) == []
        (done,) = pool.wait()
    finally:
        pool.stop()

    assert (done.item, done.number, done.good, done.result()) == (0.3, 7, True, 0.3)
    assert done.cpu < done.wall >= 0.3


def test_a_process_that_ends_is_told_with_what_it_was_at() -> None:
    """Another one takes its place."""
    pool = Pool(_vanish)
    for number in (3, 4):
        pool.give(number, number=10 * number)
        (done,) = pool.wait()

        assert done[:3] == (number, 10 * number, False)
        assert done[4:] == (0.0, 0.0)
        assert (type(done.value), done.value.item, done.value.how) == (Lost, number, f"exit code {number}")
        assert pool.busy == 0
    pool.stop()


def test_what_is_idle_is_given_the_next_item() -> None:
    """No process is started as long as one has nothing to do."""
    pool = Pool(_whose)
    told = []
    for item in range(3):
        pool.give(item)
        told += [done.value for done in pool.wait()]
    pool.stop()

    assert len(set(told)) == 1


def _hold(folder: str, number: int) -> None:
    Path(folder, "held").touch()
    try:
        time.sleep(60)
    except Exception:  # noqa: BLE001 - as code does that takes every error for one of its own
        time.sleep(60)
    finally:
        Path(folder, "given back").touch()


def test_what_a_process_holds_is_given_back_when_it_is_stopped(tmp_path: Path) -> None:
    """It ends as by Ctrl-C, which code that catches every error lets pass."""
    pool = Pool(partial(_hold, str(tmp_path)))
    pool.give(1)
    _until(lambda: [1] if (tmp_path / "held").exists() else [], 1)
    pool.stop()

    assert (tmp_path / "given back").exists()
    assert pool.busy == 0


def _linger(folder: str, number: int) -> None:
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def test_processes_end_with_the_one_they_work_for(tmp_path: Path) -> None:
    """Killing a run leaves nothing behind."""
    script = (
        "from functools import partial\n"
        "from contract_tests.engine.processes import in_order\n"
        "from tests.contract_tests.engine.test_processes import _linger\n"
        f"list(in_order(partial(_linger, {str(tmp_path)!r}), range(4), 2))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[3])
    workers = _until(lambda: [int(path.name) for path in tmp_path.iterdir()], 2)
    run.send_signal(signal.SIGKILL)
    run.wait()

    assert _until(lambda: [worker for worker in workers if _lives(worker)], 0) == []


def _until(look: Callable[[], list[int]], wanted: int) -> list[int]:
    """Look until there are so many, for half a minute at most."""
    found = look()
    for _ in range(600):
        if len(found) == wanted:
            break
        time.sleep(0.05)
        found = look()
    return found


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(("method", "begun"), [("forkserver", 1), ("spawn", 0)])
def test_what_starts_processes_is_begun_beforehand(method: str, begun: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is such a one: it loads what they need meanwhile."""
    calls: list[str] = []
    monkeypatch.setattr(forkserver, "ensure_running", lambda: calls.append("ensure_running"))
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn", method])
    _context.cache_clear()
    try:
        warm_up()
        assert _context().get_start_method() == method
    finally:
        _context.cache_clear()

    assert len(calls) == begun


def test_a_long_path_of_temporary_files_takes_no_process_that_starts_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its socket would have a path that is too long; the work is done all the same."""
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    _context.cache_clear()
    try:
        assert list(in_order(abs, [-1, -2], 2)) == [1, 2]
    finally:
        _context.cache_clear()


def _burn(turns: int) -> int:
    return sum(number & 3 for number in range(turns))


@pytest.mark.parametrize(
    ("code", "how"), [(0, "exit code 0"), (7, "exit code 7"), (-9, "signal SIGKILL"), (None, "exit code None")]
)
def test_how_a_process_ended_is_told(code: int | None, how: str) -> None:
    """By its exit code, or the signal that ended it."""
    lost = Lost("an item", code)

    assert (lost.item, lost.how) == ("an item", how)
    assert str(lost) == f"a process ended in the middle of its work ({how}), at an item"


def test_an_item_is_told_with_the_computing_that_it_took() -> None:
    """Not with that of those before it in the same process."""
    pool = Pool(_burn)
    took = []
    for turns in (3_000_000, 1):
        pool.give(turns)
        took += pool.wait()
    pool.stop()

    assert took[0].cpu > 3 * took[1].cpu


def _leave_slowly(file: str, number: int) -> int:
    Finalize(None, _write_late, (file,), exitpriority=0)
    return number


def _write_late(file: str) -> None:
    time.sleep(0.5)
    Path(file).touch()


def test_who_is_done_has_the_time_to_leave(tmp_path: Path) -> None:
    """What a system holds takes a while to be given back; only who is in the middle of something is hurried."""
    pool = Pool(partial(_leave_slowly, str(tmp_path / "left")))
    pool.give(1)
    pool.wait()
    pool.stop(patience=0.1)

    assert (tmp_path / "left").exists()

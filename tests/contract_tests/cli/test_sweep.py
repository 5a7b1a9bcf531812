"""The command ``flare-contract sweep``: what it tells and writes, how it goes on after a kill, and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.distribution import local
from contract_tests.sweep import plan
from contract_tests.sweep.journal import NAME
from tests.contract_tests.sweep.systems import CLAUSE, EXAMPLES, Here, Moody

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SYSTEMS = Moody.__module__
MOODY = [f"{SYSTEMS}:Moody", "--clause", CLAUSE, "--examples", str(EXAMPLES), "--seeds", "0:100"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried in other processes."""
    monkeypatch.setattr(local, "Local", lambda jobs: Here())


def sweep(*arguments: str) -> Result:
    """What comes of the command."""
    return CliRunner().invoke(main, ["sweep", *arguments])


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_it_says_how_many_seeds_fail_and_how_to_see_one_fail_again(tmp_path: Path) -> None:
    """That command fails as it says."""
    done = sweep(*MOODY, "--json", str(tmp_path / "new" / "a.json"))
    held = json.loads((tmp_path / "new" / "a.json").read_text(encoding="utf-8"))
    (failure,) = held["failures"]
    program, *again = failure["again"].split()
    repeated = CliRunner().invoke(main, [*again, "--repro", ""])

    assert done.exit_code == 1, done.output
    assert f"{CLAUSE}: violated with {failure['seeds']} of 100 seeds, the smallest {failure['seed']}" in done.stdout
    assert held["seeds"] == {"first": 0, "end": 100, "tried": 100}
    assert program == "flare-contract"
    assert repeated.exit_code == 1
    assert "RuntimeError: 'not now'" in repeated.output


@pytest.mark.usefixtures("here")
def test_it_goes_on_with_what_is_in_its_journal(tmp_path: Path) -> None:
    """Nothing is tried twice, and damage is told."""
    into = ["--into", str(tmp_path / "into")]
    first = sweep(*MOODY, *into, "--json", str(tmp_path / "a.json"))
    journal = tmp_path / "into" / NAME
    content = journal.read_bytes()
    again = sweep(*MOODY, *into, "--json", str(tmp_path / "b.json"))
    journal.write_bytes(content[:-5])
    damaged = sweep(*MOODY, *into, "--json", str(tmp_path / "c.json"))

    assert first.exit_code == again.exit_code == damaged.exit_code == 1
    assert "100 of 100 seeds are known from before" in again.stderr
    assert "99 of 100 seeds are known from before" in damaged.stderr
    assert "damaged lines in the journal: 1; what they told is tried again" in damaged.stderr
    assert len({(tmp_path / f"{name}.json").read_bytes() for name in "abc"}) == 1
    assert first.stdout == again.stdout == damaged.stdout


def begun(into: Path, *options: str) -> subprocess.Popen[str]:
    """The command in a process of its own, which has found out something about some seeds."""
    command = [sys.executable, "-c", "from contract_tests.cli import main; main()", "sweep", *options]
    process = subprocess.Popen(
        [*command, "--into", str(into), "-j", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and not ((into / NAME).is_file() and (into / NAME).read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    return process


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_killed_in_the_middle_it_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    """To the byte."""
    killed = begun(tmp_path / "into", *MOODY)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    goes_on = sweep(*MOODY, "--into", str(tmp_path / "into"), "--json", str(tmp_path / "a.json"))
    sweep(*MOODY, "--json", str(tmp_path / "b.json"))

    assert killed.returncode == -signal.SIGKILL
    assert "seeds are known from before" in goes_on.stderr
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_asked_to_end_it_tells_what_is_known(tmp_path: Path) -> None:
    """And how to go on."""
    asked = begun(tmp_path, *MOODY[:-1], "0:100000")
    asked.terminate()
    out, errors = asked.communicate()

    assert asked.returncode == 143, errors
    assert " of 100,000 seeds tried" in out.replace("\n  ", " ")
    assert errors.splitlines()[-2:] == ["Error: interrupted", "The same command goes on with what is left."]


@pytest.mark.usefixtures("here")
def test_with_a_budget_it_ends_in_time() -> None:
    """What was not tried is not run."""
    begun = time.monotonic()
    done = sweep(*MOODY[:-1], "0:1000000000", "--budget", "0.2")

    assert time.monotonic() - begun < 100
    assert done.exit_code == 1
    assert "of 1,000,000,000 seeds tried" in done.stdout.replace("\n  ", " ")


def test_a_system_that_ends_every_process_is_told_of() -> None:
    """It gives no verdict."""
    done = sweep(f"{__name__}:Fatal", "--seeds", "0:2", "-q")

    assert done.exit_code == 3
    assert "Error: the system ends every process that has a look at it: exit code 9" in done.stderr


class Fatal(Moody):
    """Ends the process that makes one."""

    def __init__(self) -> None:
        os._exit(9)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seeds", "5"], "'5' is no range of seeds: write FIRST:END, such as 0:1000"),
        (["--seeds", "5:5"], "'5:5' is no range of seeds"),
        (["--seeds", "0:2", "--clause", "nothing"], "there is no clause 'nothing'"),
        (["--seeds", "0:2", "--clause", "list.empty"], "every seed is the same: use run, or --every-check"),
        (["--seeds", "0:2", "--scheduler", "tcp://x:1"], "--scheduler goes with --engine dask"),
        (["--seeds", "0:2", "--engine", "dask"], "--engine dask takes the address of a scheduler"),
        (["--seeds", "0:2", "--engine", "dask", "--scheduler", "tcp://x:1", "-j", "2"], "--jobs is a number of"),
        (["--seeds", "0:2", "nowhere:Thing"], "nowhere can't be imported"),
        ([], "Missing option '--seeds'"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(options: list[str], told: str) -> None:
    """A line says so."""
    done = sweep(*options)

    assert done.exit_code == 2
    assert [told in line for line in done.stderr.splitlines() if line.startswith("Error: ")] == [True]


@pytest.mark.usefixtures("here")
def test_what_draws_nothing_is_tried_with_every_seed_when_that_is_asked_for() -> None:
    """Every seed counts."""
    done = sweep("--seeds", "0:3", "--clause", "list.empty", "--every-check")

    assert done.exit_code == 1
    assert "met 3" in done.stdout


@pytest.mark.usefixtures("here")
def test_another_sweep_is_not_gone_on_with(tmp_path: Path) -> None:
    """Wrong usage."""
    into = ["--into", str(tmp_path)]
    sweep(*MOODY[:-1], "0:1", *into)
    done = sweep(*MOODY[:-1], "0:1", *into, "--every-check")

    assert done.exit_code == 2
    assert "holds another sweep, which differs in every_check; name another folder" in done.stderr


@pytest.mark.usefixtures("here")
def test_without_dask_its_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else needs it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = sweep("--seeds", "0:2", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:8786")

    assert done.exit_code == 2
    assert "Dask is not installed" in done.stderr
    assert "python -m pip install 'flare-sim[dask]'" in done.stderr


@pytest.mark.usefixtures("here")
def test_workers_with_another_suite_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried by them."""
    monkeypatch.setattr("contract_tests.sweep.trying.suite", lambda: f"not {plan.suite()}")
    done = sweep(*MOODY)

    assert done.exit_code == 3
    assert "Error: a worker has another release of flare-sim, Hypothesis or Python" in done.stderr

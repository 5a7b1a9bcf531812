"""flare-sim check: every problem with its place and what to do, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.cli.flare_sim_command import flare_sim
from tests.flare_sim.job_samples import job_files, write_files, write_job
from tests.project.tree import blocks

ROOT = Path(__file__).parents[3]


def in_a_process(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, its output in a pipe, in an environment of its own."""
    known = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "flare_sim", "check", *words],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**known, **environment},
    )


def as_json(*words: str) -> dict[str, Any]:
    """What it says to a program."""
    told = json.loads(flare_sim("check", "--json", *words).stdout)
    assert isinstance(told, dict)
    return told


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A job with four problems, in two files and one link."""
    path = write_files(
        tmp_path / "bad",
        {
            **job_files({"app/config/config_fed_server.json": "{}"}, min_clients="two", name=5),
        },
    )
    os.symlink("../nowhere", tmp_path / "bad" / "app" / "data")
    return path


def test_a_good_job_is_told_in_two_lines(job: str) -> None:
    """Its path, and what a server understands of it; exit 0."""
    result = flare_sim("check", job)

    assert result.exit_code == 0
    assert result.output == f"ok   {job}\n     small: app -> @ALL; at least 2 client(s)\n"


def test_every_problem_is_told_with_its_place_and_what_to_do(bad: str) -> None:
    """One block for each: what is wrong, where, what to do; exit 1."""
    result = flare_sim("check", bad)

    assert result.exit_code == 1
    head, *blocks = result.output.rstrip("\n").split("\n\n")
    assert head == f"bad  {bad}: 4 problems"
    assert len(blocks) == 4
    for block in blocks:
        assert block.startswith("  problem  ")
        assert "\n    where  " in block
        assert "\n    to do  " in block
    assert "    where  app/data\n" in result.output
    assert "    where  meta.json: min_clients\n" in result.output


def test_several_jobs_are_counted(job: str, bad: str, tmp_path: Path) -> None:
    """Each is told, whatever becomes of the others, and how many were good."""
    result = flare_sim("check", job, bad, str(tmp_path / "nowhere"), job)

    assert result.exit_code == 1
    verdicts = [line.split()[0] for line in result.output.splitlines() if line.startswith(("ok", "bad"))]
    assert verdicts == ["ok", "bad", "bad", "ok"]
    assert result.output.endswith("\n4 jobs: 2 ok, 2 bad\n")


@pytest.mark.parametrize("name", ["nowhere", "job/meta.json", "notes.txt", "empty", "jobs"])
def test_what_is_no_job_is_told(tmp_path: Path, name: str) -> None:
    """One problem, which names what was given, and what to do."""
    write_job(tmp_path / "job")
    write_job(tmp_path / "jobs" / "one")
    write_files(tmp_path, {"notes.txt": "hello"})
    (tmp_path / "empty").mkdir()

    (told,) = as_json(str(tmp_path / name))["jobs"]

    (problem,) = told["problems"]
    assert name in problem["message"]
    assert problem["advice"]
    assert (told["accepted"], told["name"]) == (False, None)


def test_it_is_told_as_json(job: str, bad: str) -> None:
    """The shape that the help describes: all of it, and nothing else."""
    told = as_json("--personality", "nvflare-2.9", "--clients", "site-1,site-9", job, bad)

    assert set(told) == {"format", "passed", "personality", "clients", "jobs"}
    assert (told["format"], told["passed"], told["personality"]) == (1, False, "nvflare-2.9")
    assert told["clients"] == ["site-1", "site-9"]
    good, worse = told["jobs"]
    assert good == {"path": job, "name": "small", "accepted": True, "problems": [], "warnings": []}
    assert (worse["path"], worse["name"], worse["accepted"]) == (bad, None, False)
    assert all(set(problem) == {"kind", "file", "place", "message", "advice"} for problem in worse["problems"])
    assert ("link-dangling", "app/data", "") in {(p["kind"], p["file"], p["place"]) for p in worse["problems"]}


def test_json_says_what_is_not_given(job: str) -> None:
    """Without a release and without clients there are none; what was judged well passed."""
    told = as_json(job)

    assert (told["personality"], told["clients"], told["passed"]) == (None, None, True)


def test_a_release_judges_by_its_own_rules(tmp_path: Path) -> None:
    """What one takes another refuses, whose answer is told if it is another."""
    path = write_job(tmp_path / "small", min_clients=True)

    assert flare_sim("check", path).exit_code == 1
    assert flare_sim("check", "--personality", "nvflare-2.3", path).exit_code == 0
    assert all(f"nvflare-{release}" in flare_sim("check", "--help").output for release in RELEASE_RULES)


def test_what_a_server_answers_is_told(tmp_path: Path) -> None:
    """Where it is something else than what is wrong, as when it falls over the job."""
    path = write_job(tmp_path / "small", deploy_map=["app"])

    result = flare_sim("check", "--personality", "nvflare-2.3", path)

    assert "   answer  " in result.output


def test_it_keeps_to_80_columns_in_a_pipe(tmp_path: Path) -> None:
    """Lines break between words; what is one word, such as a path, is left whole, to be copied."""
    long = "a" * 90
    path = write_job(tmp_path / "small", min_clients="many " * 12, mandatory_clients=[long])

    lines = in_a_process(path).stdout.decode().splitlines()

    assert all(len(line) <= 80 for line in lines if len(line.split()) > 1 and "aaa" not in line and path not in line)
    assert any(len(line) > 60 for line in lines if "many" in line)
    assert any(path in line for line in lines)


@pytest.mark.parametrize(("columns", "widest"), [("50", 50), ("200", 100)])
def test_it_keeps_to_the_width_there_is(tmp_path: Path, columns: str, widest: int) -> None:
    """A narrow terminal gets short lines, a very wide one no longer ones than can be read."""
    write_job(tmp_path / "small", min_clients="many " * 15)

    lines = in_a_process(str(tmp_path / "small"), COLUMNS=columns).stdout.decode().splitlines()

    assert max(len(line) for line in lines if "many" in line) in range(widest - 12, widest + 1)


def test_wide_letters_count_twice(tmp_path: Path) -> None:
    """Scripts whose letters take two columns don't run over the edge either."""
    from rich.cells import cell_len

    path = write_job(tmp_path / "small", min_clients="医院 " * 15)

    lines = in_a_process(path, PYTHONUTF8="1").stdout.decode().splitlines()

    assert 70 < max(cell_len(line) for line in lines if "医院" in line) <= 80


def test_nothing_moves_the_cursor(tmp_path: Path) -> None:
    """Names of folders, apps and sites, and what stands in a meta, can say anything."""
    evil = "\x1b[2J\r\x07\u202e"
    folder = tmp_path / f"job{evil}"
    write_job(folder, name=evil, min_clients=evil, deploy_map={evil: ["server", evil], "app": [evil]})
    os.symlink(evil, folder / f"link{evil}")

    result = in_a_process(str(folder), "--personality", "nvflare-2.3", PYTHONUTF8="1")

    text = result.stdout.decode()
    assert r"\x1b[2J\r\x07\u202e" in text
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    assert result.stderr == b""


def test_a_name_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    """A byte that is no text is told as a byte, also to programs."""
    folder = tmp_path / "caf\udce9"
    write_job(folder)

    assert f"bad  {tmp_path}/caf\\xe9: 1 problem" in in_a_process(str(folder)).stdout.decode()
    told = json.loads(in_a_process(str(folder), "--json").stdout)
    assert told["jobs"][0]["path"] == f"{tmp_path}/caf\\xe9"


def test_what_the_output_cannot_encode_is_escaped(tmp_path: Path) -> None:
    """An output that takes few letters gets those, and the others as numbers."""
    path = write_job(tmp_path / "Zürich-医院")

    result = in_a_process(path, PYTHONIOENCODING="latin-1")

    assert (result.returncode, result.stderr) == (0, b"")
    assert b"Z\xfcrich-\\u533b\\u9662" in result.stdout


def test_colors_are_for_terminals(bad: str) -> None:
    """A terminal gets colors, unless NO_COLOR asks for none; a pipe gets none."""
    pty = pytest.importorskip("pty")

    def on_a_terminal(**environment: str) -> bytes:
        master, slave = pty.openpty()
        known = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        command = [sys.executable, "-m", "flare_sim", "check", bad]
        subprocess.run(command, stdout=slave, check=False, cwd=ROOT, env={**known, **environment})
        os.close(slave)
        told = b""
        try:
            while piece := os.read(master, 10_000):
                told += piece
        except OSError:
            pass
        os.close(master)
        return told

    assert b"\x1b[31mbad" in on_a_terminal()
    assert b"\x1b" not in on_a_terminal(NO_COLOR="1")
    assert b"\x1b" not in in_a_process(bad).stdout


def test_limits_can_be_raised(tmp_path: Path) -> None:
    """As the problem says that the limit can."""
    path = write_files(tmp_path / "small", {**job_files(), "a": "", "b": ""})

    refused = flare_sim("check", "--max-job-files", "6", path)

    assert refused.exit_code == 1
    assert "a limit of the simulator's own" in refused.output
    assert "--max-job-files" in refused.output
    assert flare_sim("check", "--max-job-files", "7", path).exit_code == 0


@pytest.mark.parametrize("clients", ["", "a,a", "a,,b", "99999", "server"])
def test_clients_that_cannot_be_are_exit_2(clients: str) -> None:
    """Two with one name, one without, the server, or too many."""
    assert flare_sim("check", "--clients", clients, "x").exit_code == 2


def test_no_job_at_all_is_exit_2() -> None:
    """It takes one to check."""
    assert flare_sim("check").exit_code == 2


def test_the_guide_shows_what_it_says() -> None:
    """The output in the guide is that of the command above it."""
    guide = blocks("docs/applications.md")
    (number,) = (number for number, block in enumerate(guide) if block.text.startswith("flare-sim check --clients"))
    _, _, *words = guide[number].text.split()

    result = in_a_process(*words)

    assert result.returncode == 1
    assert result.stdout.decode() == guide[number + 1].text


def test_the_help_and_the_guide_tell_of_the_same_json(job: str) -> None:
    """Every key of what is written is in both."""
    told = as_json(job, "nowhere")
    keys = {*told, *told["jobs"][0], *told["jobs"][1]["problems"][0]}
    texts = (flare_sim("check", "--help").output, (ROOT / "docs" / "applications.md").read_text(encoding="utf-8"))

    assert [key for key in keys for text in texts if f'"{key}"' not in text] == []


def test_what_a_release_takes_and_falls_over_is_a_warning(tmp_path: Path) -> None:
    """Without clients given, too: the job is taken, and will not run."""
    path = write_job(tmp_path / "small", min_clients="2")

    (told,) = as_json("--personality", "nvflare-2.9", path)["jobs"]

    assert (told["accepted"], told["problems"]) == (True, [])
    assert [(problem["kind"], problem["place"]) for problem in told["warnings"]] == [
        ("server-falls-over", "min_clients")
    ]


def test_the_command_line_refuses_no_path(job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may not be read is for reading it to find out, which says so with the others, and exits with 1."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)

    assert flare_sim("check", job).exit_code == 0
    assert flare_sim("run", job).exit_code == 0


@pytest.mark.parametrize(
    ("app", "place"),
    [
        ("nothing", ("meta.json", "deploy_map.app")),
        ("a file", ("app", "")),
        ("a folder", ("app/config", "")),
        ("a folder with a link to nothing", ("app/config", "")),
        ("a link to nothing", ("app", "")),
    ],
)
def test_an_app_that_is_none_is_told_once(tmp_path: Path, app: str, place: tuple[str, str]) -> None:
    """By what is there in its place, or where it is asked for when nothing is."""
    path = write_job(tmp_path / "small", {})
    there = tmp_path / "small" / "app"
    if app == "a file":
        there.write_text("")
    elif app.startswith("a folder"):
        there.mkdir()
        if app != "a folder":
            (there / "config").symlink_to("nowhere")
    elif app == "a link to nothing":
        there.symlink_to("nowhere")

    (told,) = as_json(path)["jobs"]

    (problem,) = told["problems"]
    assert (problem["file"], problem["place"]) == place


def test_a_job_that_goes_to_many_sites_is_told_in_few_lines(tmp_path: Path) -> None:
    """The first of them stand for all."""
    names = [f"site-{number}" for number in range(5_000)]
    path = write_job(tmp_path / "small", deploy_map={"app": ["server", *names]})

    told = flare_sim("check", path).output

    assert " site-18 ...; at least 2 client(s)" in " ".join(told.split())
    assert len(told) < 1_000

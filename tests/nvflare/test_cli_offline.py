"""``flare-sim run-script`` and ``flare-sim nvflare``, as somebody types them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flare_sim.nvflare import installed_release
from tests.nvflare.jobs import HELLO_JOB, ROOT

SCRIPTS = ROOT / "examples" / "scripts"
BAD_JOB = str(ROOT / "examples" / "broken-job")
SUBMITS = "session = new_secure_session('admin@nvidia.com', 'kit')\n"
FETCH, POLL = str(SCRIPTS / "submit_and_fetch.py"), str(SCRIPTS / "poll_by_hand.py")


def flare_sim(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "flare_sim", *words]
    return subprocess.run(command, cwd=folder or ROOT, capture_output=True, text=True, check=False, timeout=120)


def script(folder: Path, text: str) -> str:
    """Write a script that has NVFLARE's functions; returns its path."""
    path = folder / "script.py"
    begin = "from nvflare.fuel.flare_api.flare_api import new_secure_session, new_insecure_session\n"
    path.write_text(begin + text + "\n", encoding="utf-8")
    return str(path)


def test_a_script_runs_unchanged(tmp_path: Path) -> None:
    """The example does all it does with a server, and prints what it prints; the summary is on stderr."""
    done = flare_sim("run-script", "--summary", "--run-seconds", "3600", FETCH, "/no/such/kit", HELLO_JOB)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "clients: site-1, site-2"
    assert "monitor: JOB_FINISHED" in lines
    assert "result: job, workspace" in lines
    assert [line for line in lines if line.startswith("jobs:")] == ["jobs: 2", "jobs: 0"]
    assert "0 job(s), 2 deleted; 1:00" in done.stderr


def test_two_runs_print_the_same() -> None:
    """Ids, times and results depend on nothing but the options."""
    first, second = (flare_sim("run-script", "--seed", "7", FETCH, "kit", HELLO_JOB) for _ in range(2))

    assert first.stdout == second.stdout != ""


def test_a_script_that_polls_by_hand_skips_the_time() -> None:
    """Its own ``time.sleep`` and ``time.time`` go by the server's clock: five hours, with a deadline of six."""
    done = flare_sim("run-script", "--run-seconds", "18000", POLL, "kit", HELLO_JOB)

    assert (done.returncode, done.stdout) == (0, "FINISHED:COMPLETED\n")


def test_a_deadline_is_met() -> None:
    """A job that runs longer than the script is willing to wait is given up, as on a real system."""
    done = flare_sim("run-script", "--run-seconds", "86400", POLL, "kit", HELLO_JOB)

    assert (done.returncode, done.stdout) == (1, "None\n")


def test_a_job_ends_as_it_is_told(tmp_path: Path) -> None:
    """Options say how jobs end that do not say so themselves."""
    done = flare_sim("run-script", "--outcome", "EXECUTION_EXCEPTION", POLL, "kit", HELLO_JOB)

    assert (done.returncode, done.stdout) == (1, "FINISHED:EXECUTION_EXCEPTION\n")


def test_a_script_that_would_wait_for_ever_is_told_for_what(tmp_path: Path) -> None:
    """It ends with the reason, which the summary repeats, and the line that waits; there is no traceback."""
    waits = script(tmp_path, f"{SUBMITS}session.monitor_job(session.submit_job({HELLO_JOB!r}), 0, 60.0)")
    done = flare_sim("run-script", "--clients", "0", "--summary", "--max-seconds", "3600", waits)
    why = "waits for clients: 2 wanted, none there"

    assert done.returncode == 1
    assert done.stderr.startswith(
        "Error: line 3 of script.py waits in vain: "
        "nothing has happened for 3600 seconds, and nothing more will by itself:\n"
    )
    assert "Traceback" not in done.stderr
    assert f"'hello-job': SUBMITTED, {why}" in done.stderr
    assert f"SUBMITTED             hello-job of admin@nvidia.com\n    {why}\n" in done.stderr


def test_how_long_nothing_may_happen_can_be_said(tmp_path: Path) -> None:
    """For a script that waits for longer than a week, say, and gives up by itself; what it handles is its own."""
    text = f"""
{SUBMITS}
import time
job_id = session.submit_job({HELLO_JOB!r})
try:
    for _ in range(14):
        time.sleep(86_400)
except BaseException as problem:
    print(type(problem).__name__)
"""
    given = script(tmp_path, text)
    days = [flare_sim("run-script", "--clients", "0", *said, given) for said in ([], ["--max-seconds", "none"])]

    assert [(done.returncode, done.stdout) for done in days] == [(0, "HorizonReached\n"), (0, "")]


def test_real_time_has_no_horizon(tmp_path: Path) -> None:
    """Whoever asks for one is told."""
    done = flare_sim("run-script", "--real-time", "--max-seconds", "60", script(tmp_path, ""))

    assert done.returncode == 2
    assert "Error: --max-seconds is about virtual time" in done.stderr


def test_the_exit_code_is_the_scripts(tmp_path: Path) -> None:
    """Whatever number it ends with."""
    assert flare_sim("run-script", script(tmp_path, "import sys; sys.exit(42)")).returncode == 42


def test_an_exception_is_shown_as_python_shows_it(tmp_path: Path) -> None:
    """With the frames of the script and of NVFLARE, and none of ours."""
    text = "session = new_secure_session('admin@nvidia.com', 'kit')\nsession.submit_job('/no/such/job')"
    done = flare_sim("run-script", script(tmp_path, text))

    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert "InvalidJobDefinition" in done.stderr.splitlines()[-1]
    assert str(ROOT / "flare_sim") not in done.stderr


def test_options_after_the_script_are_the_scripts(tmp_path: Path) -> None:
    """Also those that this command has."""
    done = flare_sim("run-script", script(tmp_path, "import sys; print(sys.argv[1:])"), "--clients", "9", "-h")

    assert done.stdout == "['--clients', '9', '-h']\n"


def test_the_system_is_as_asked(tmp_path: Path) -> None:
    """Clients and users are those of the options."""
    text = """
session = new_secure_session("me@here.org", "kit")
print(len(session.get_system_info().client_info))
"""
    done = flare_sim("run-script", "--clients", "5", "--user", "me@here.org:member", script(tmp_path, text))

    assert done.stdout == "5\n", done.stderr


@pytest.mark.parametrize("user", [":lead", "me:king"])
def test_a_user_that_makes_no_sense_is_refused(tmp_path: Path, user: str) -> None:
    """With the roles there are."""
    done = flare_sim("run-script", "--user", user, script(tmp_path, ""))

    assert done.returncode == 2
    assert "project_admin" in done.stderr


def test_results_can_be_kept(tmp_path: Path) -> None:
    """They stay in the folder that was named."""
    done = flare_sim("run-script", "--download", str(tmp_path / "results"), FETCH, "kit", HELLO_JOB)

    assert done.returncode == 0, done.stderr
    assert [path.is_dir() for path in (tmp_path / "results").iterdir()] == [True]


def test_what_happened_can_be_had(tmp_path: Path) -> None:
    """On the server: as JSON lines, as a page, and what became of jobs as JSON."""
    trace, page, jobs = (tmp_path / name for name in ("trace.jsonl", "page.html", "jobs.json"))
    flare_sim(
        *("run-script", "--trace", str(trace), "--timeline", str(page), "--json", str(jobs)), FETCH, "kit", HELLO_JOB
    )
    records = [json.loads(line) for line in trace.read_text().splitlines()]
    deleted = [record[2] for record in records if record[1] == "deleted"]
    told = json.loads(jobs.read_text())

    assert len(deleted) == 2
    assert (told["deleted"], told["jobs"], told["format"]) == (deleted, [], 1)
    assert told["seconds"] > 0
    assert all(job_id in page.read_text(encoding="utf-8") for job_id in deleted)


TUTORIAL = """
import os, sys

def monitor(session, job_id, job_meta, *cb_args, **cb_kwargs):
    if job_meta["status"] != cb_kwargs["seen"][-1]:
        cb_kwargs["seen"].append(job_meta["status"])
        print(job_meta["status"])
    return True

session = new_secure_session(username="admin@nvidia.com", startup_kit_location=sys.argv[1])
print(session.get_system_info())
for name in sys.argv[2:]:
    job_id = session.submit_job(name)
    print(job_id + " was submitted")
    session.monitor_job(job_id, cb=monitor, seen=[""])
    result = session.download_job_result(job_id)
    found = [os.path.join(where, one) for where, _, files in os.walk(result) for one in files]
    print(sorted(os.path.relpath(path, result) for path in found if "app_server" not in path and "job/" not in path))
    print(os.path.relpath(result, sys.argv[1]))
"""


def a_job(folder: Path, name: str) -> None:
    """Write a job of that name below a folder."""
    shutil.copytree(HELLO_JOB, folder / name)
    meta = folder / name / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "name": name}), encoding="utf-8")


def test_the_tutorial_runs_with_its_kit(tmp_path: Path) -> None:
    """The job is found by its name in ``transfer`` of the kit, and its result goes there."""
    a_job(tmp_path / "kit" / "transfer", "hello-numpy")
    done = flare_sim("run-script", script(tmp_path, TUTORIAL), str(tmp_path / "kit"), "hello-numpy")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-3] == "FINISHED:COMPLETED"
    assert lines[-1] == f"transfer/{lines[-1].rpartition('/')[2]}"
    assert (tmp_path / "kit" / lines[-1]).is_dir()


def test_the_tutorial_runs_without_a_kit(tmp_path: Path) -> None:
    """Folders are named by options; each job does what options say of its name."""
    for name in ("hello-numpy", "hello-pt"):
        a_job(tmp_path / "jobs", name)
    (tmp_path / "leaves" / "app_server").mkdir(parents=True)
    (tmp_path / "leaves" / "app_server" / "server.npy").write_bytes(b"\x93NUMPY\xff")
    folders = ("--upload-dir", str(tmp_path / "jobs"), "--download-dir", str(tmp_path / "results"))
    told = (
        *("--job-outcome", "hello-pt=EXECUTION_EXCEPTION", "--job-seconds", "hello-pt=3600"),
        *("--job-result", f"hello-numpy={tmp_path / 'leaves'}", "--job-seconds", "helo=1"),
    )
    kit = str(tmp_path / "no-kit")
    done = flare_sim("run-script", *folders, *told, script(tmp_path, TUTORIAL), kit, "hello-numpy", "hello-pt")

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("FINISHED")] == [
        "FINISHED:COMPLETED",
        "FINISHED:EXECUTION_EXCEPTION",
    ]
    models = list((tmp_path / "results").rglob("server.npy"))
    assert [path.parts[-3:-1] for path in models] == [("workspace", "app_server")]
    assert [path.read_bytes() for path in models] == [b"\x93NUMPY\xff"]
    assert done.stderr.splitlines() == ["flare-sim: no job was named 'helo', of which an option says what it does"]
    assert not Path(kit).exists()


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--job-outcome", "hello", "NAME=OUTCOME"),
        ("--job-outcome", "=COMPLETED", "NAME=OUTCOME"),
        ("--job-outcome", "hello=FINE", "'hello': 'FINE' is no outcome; there are COMPLETED,"),
        ("--job-seconds", "hello=soon", "'soon' is no number of seconds"),
        ("--job-seconds", "hello=-1", "from 0 to"),
        ("--job-seconds", "hello=nan", "from 0 to"),
        ("--job-result", "hello=/no/such/folder", "/no/such/folder is no folder"),
        ("--job-result", f"hello={ROOT / 'pyproject.toml'}", "pyproject.toml is no folder"),
        ("--upload-dir", "/no/such/folder", "/no/such/folder"),
    ],
)
def test_what_is_said_of_a_job_has_to_make_sense(tmp_path: Path, option: str, given: str, said: str) -> None:
    """Else nothing is run."""
    done = flare_sim("run-script", option, given, script(tmp_path, "print('ran')"))

    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert done.stderr.count("Error") == 1


def test_a_job_is_told_one_thing_of_a_kind(tmp_path: Path) -> None:
    """Two outcomes for one name are one too many, and so is a result file where the server keeps a folder."""
    twice = ("--job-outcome", "a=ABORTED", "--job-outcome", "a=COMPLETED")
    (tmp_path / "leaves").mkdir()
    (tmp_path / "leaves" / "app_server").touch()
    path = script(tmp_path, "print('ran')")

    assert "'a' is given twice" in flare_sim("run-script", *twice, path).stderr
    done = flare_sim("run-script", "--job-result", f"a={tmp_path / 'leaves'}", path)
    assert "is where the server keeps app_server" in " ".join(done.stderr.split())


def test_what_a_job_leaves_behind_is_no_larger_than_a_job(tmp_path: Path) -> None:
    """A folder that was named by mistake is not read to the end."""
    (tmp_path / "home").mkdir()
    with (tmp_path / "home" / "disk.img").open("wb") as file:
        file.truncate((1 << 30) + 1)
    done = flare_sim("run-script", "--job-result", f"a={tmp_path / 'home'}", script(tmp_path, "print('ran')"))

    assert (done.returncode, done.stdout) == (2, "")
    assert "more than 1073741824 bytes are in" in " ".join(done.stderr.split())


def test_a_file_that_is_not_there_is_refused() -> None:
    """Before anything is done."""
    done = flare_sim("run-script", "no_such_script.py")

    assert done.returncode == 2
    assert "no_such_script.py" in done.stderr


@pytest.mark.skipif(installed_release().version < (2, 8), reason="until 2.8 there is nvflare job submit alone")
def test_nvflares_commands_find_the_jobs_they_are_given() -> None:
    """And the same job has the same id in the next call."""
    given = ("nvflare", "--job", HELLO_JOB, "--after", "3600")
    listed = flare_sim(*given, "--format", "json", "job", "list")
    (line,) = json.loads(listed.stdout)["data"]
    looked = flare_sim(*given, "--format", "json", "job", "meta", line["job_id"])

    assert line["status"] == "FINISHED:COMPLETED"
    assert json.loads(looked.stdout)["data"]["job_id"] == line["job_id"]


@pytest.mark.skipif(installed_release().version < (2, 8), reason="until 2.8 there is nvflare job submit alone")
def test_a_system_is_kept_from_call_to_call(tmp_path: Path) -> None:
    """What one call submits is there in the next one, which may let time pass."""
    kept = ("nvflare", "--state", str(tmp_path / "state"))
    submitted = flare_sim(*kept, "--format", "json", "job", "submit", "-j", HELLO_JOB)
    listed = flare_sim(*kept, "--after", "3600", "--format", "json", "job", "list")
    (line,) = json.loads(listed.stdout)["data"]

    assert submitted.returncode == 0, submitted.stderr
    assert line["status"] == "FINISHED:COMPLETED"
    assert line["job_id"] in submitted.stdout


@pytest.mark.skipif(installed_release().version < (2, 8), reason="until 2.8 there is nvflare job submit alone")
def test_a_command_that_would_wait_for_ever_is_told_for_what(tmp_path: Path) -> None:
    """After as long as is said, also on a system that is kept, whose clock goes on from where it was."""
    kept = ("nvflare", "--clients", "0", "--state", str(tmp_path / "state"))
    listed = flare_sim(*kept, "--job", HELLO_JOB, "--after", "60", "--format", "json", "job", "list")
    (line,) = json.loads(listed.stdout)["data"]
    done = flare_sim(*kept, "--max-seconds", "3600", "job", "monitor", line["job_id"])
    error = done.stderr[done.stderr.index("Error: ") :].splitlines()

    assert done.returncode == 1
    assert 3600 < float(done.stdout.split()[-1]) < 3670  # an hour, to the poll, after the minute before
    assert error[0] == "Error: nothing has happened for 3600 seconds, and nothing more will by itself:"
    assert error[1].endswith("'hello-job': SUBMITTED, waits for clients: 2 wanted, none there")


def test_what_can_not_be_simulated_is_one_sentence(tmp_path: Path) -> None:
    """A command of NVFLARE's that starts real systems, or one that this release does not have."""
    done = flare_sim("nvflare", "poc", "--start")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1


def test_what_is_wrong_with_a_job_is_told_as_check_tells_it(tmp_path: Path) -> None:
    """Also when the script goes on without a word; the lines are those of ``check``, on standard error."""
    text = f"{SUBMITS}try:\n    session.submit_job({BAD_JOB!r})\nexcept Exception as problem:\n    pass"

    done = flare_sim("run-script", "--clients", "2", script(tmp_path, text))
    silent = flare_sim("run-script", "--no-summary", script(tmp_path, text))

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == flare_sim("check", "--clients", "2", BAD_JOB).stdout
    assert silent.stderr == ""


def test_a_warning_is_told_of_a_job_that_was_taken(tmp_path: Path) -> None:
    """With the number of clients that the script was given."""
    done = flare_sim("run-script", "--clients", "1", script(tmp_path, f"{SUBMITS}session.submit_job({HELLO_JOB!r})"))

    assert done.returncode == 0
    assert done.stderr.startswith(f"ok   {HELLO_JOB}: 1 warning\n")


def test_nvflares_own_command_tells_of_them_too() -> None:
    """Of a job that is there first, whatever the release makes of it."""
    for personality in ("nvflare-2.3", "nvflare-2.9"):
        done = flare_sim("nvflare", "--personality", personality, "--job", BAD_JOB, "job", "list")

        assert done.returncode == 1
        assert done.stderr.startswith(f"bad  {BAD_JOB}: ")
        assert "Traceback" not in done.stderr

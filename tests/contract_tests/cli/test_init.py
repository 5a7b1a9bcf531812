"""The command ``flare-contract init``: what it writes runs, teaches, and says what to do next."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from contract_tests import System
from contract_tests.clauses.needs import needs
from contract_tests.cli import main
from contract_tests.cli.init.stubs import stubs
from contract_tests.system.needs import lacking

if TYPE_CHECKING:
    from click.testing import Result

MODULE = """
from __future__ import annotations

import abc

from contract_tests import System
from flare_sim import SimulatedServer


class MySession:
    def __init__(self):
        self._session = SimulatedServer().connect("admin@nvidia.com")

    def submit_job(self, job_definition_path):
        return self._session.submit_job(job_definition_path)

    def __getattr__(self, name):
        return getattr(self._session, name)


class Demanding(MySession):
    def __init__(self, server: Server, *, token: str, username="bob", verify: bool = True, **rest):
        pass


class Quoting(MySession):
    def __init__(self, user='o"brien\\\\'):
        self._session = SimulatedServer(users=[user]).connect(user)


class Coroutines:
    async def submit_job(self, job_definition_path):
        return "a job"


class Session(MySession):
    pass


def connect(user):
    return MySession()


async def connect_later():
    return MySession()


class Unfinished(abc.ABC):
    @abc.abstractmethod
    def submit_job(self, job_definition_path): ...


class Plugged(System):
    pass


class Nothing:
    pass


number = 3
"""

OPEN = (
    "import printed; (system,) = [found for found in vars(printed).values() if isinstance(found, type)"
    " and found.__module__ == 'printed' and issubclass(found, printed.System)]; session = system().open_session()"
)


@pytest.fixture
def module(here: Path) -> Path:
    """A folder with somebody's module."""
    (here / "my_fake.py").write_text(MODULE, encoding="utf-8")
    return here


def init(*arguments: str) -> Result:
    """Call the command."""
    return CliRunner().invoke(main, ["init", *arguments])


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder, where nothing but the folder's own files says which system to judge."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call what was told to call, in a process of its own."""
    return python(folder, "-c", "from contract_tests.cli import main; main()", *arguments)


def test_the_next_command_works_at_once(module: Path) -> None:
    """A class that takes nothing is plugged in as it is, by the command that is told."""
    told = init("my_fake:MySession")
    assert told.exit_code == 0
    assert "conftest.py: MySystem" in told.output
    following = re.search(r"^next: +flare-contract (.*)$", told.output, re.MULTILINE)
    assert following

    done = run(module, *following[1].split(), "--clause", "shape.methods", "--quiet")

    assert "(1 of 261 judged: 1 met" in done.stdout, done.stderr


@pytest.mark.slow
def test_pytest_finds_it_too(module: Path) -> None:
    """The conftest names the system to the plug-in."""
    init("my_fake.py:MySession")
    done = python(module, "-m", "pytest", "--flare-contract", "-p", "no:cacheprovider", "-k", "shape.methods")

    assert "conftest:MySystem" in done.stdout, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_what_only_the_implementer_knows_is_marked(module: Path) -> None:
    """The command says it, the file marks it, and the first run says in a line where it is to be filled in."""
    told = init("my_fake:Demanding")
    assert "fill in: open_session, as Demanding takes server: Server, token: str\n" in told.output
    text = Path("conftest.py").read_text(encoding="utf-8")
    assert "        #   server: Server\n        #   token: str\n" in text
    assert "        # return Demanding(server=..., token=..., username=user)\n" in text
    assert 'def open_session(self, user: str = "bob"):' in text

    done = run(module, "run", "conftest:DemandingSystem")

    assert done.returncode == 2
    line = text[: text.index("raise NotImplementedError")].count("\n") + 1
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert said.endswith("open_session raised NotImplementedError: 'fill in what Demanding takes: server, token'")
    assert f"conftest.py:{line}" in done.stderr


def test_a_user_may_be_called_anything(module: Path) -> None:
    """What a session is opened with, unless somebody says otherwise, is the implementer's own."""
    init("my_fake:Quoting")
    assert "def open_session(self, user: str = 'o\"brien\\\\'):" in Path("conftest.py").read_text(encoding="utf-8")

    assert python(module, "-c", OPEN.replace("printed", "conftest")).returncode == 0


@pytest.mark.parametrize(
    ("named", "opened", "call", "said"),
    [
        ("my_fake:connect", "return connect(user=user)", "list_jobs()", "[]"),
        ("my_fake:connect_later", "return asyncio.run(connect_later())", "list_jobs()", "[]"),
        ("my_fake:Coroutines", "return PlainSession(Coroutines())", "submit_job('path')", "a job"),
        ("my_fake:Session", "return Session()", "list_jobs()", "[]"),
    ],
)
def test_functions_and_coroutines_are_called_as_they_have_to_be(
    module: Path, named: str, opened: str, call: str, said: str
) -> None:
    """What opens a session may be a function; coroutines are run to their end."""
    printed = init(named, "-").output
    assert opened in printed

    (module / "printed.py").write_text(printed, encoding="utf-8")
    done = python(module, "-c", f"{OPEN}; print(session.{call})")

    assert done.stdout.strip() == said, done.stderr


def test_exceptions_of_ones_own_are_named(module: Path) -> None:
    """A module with classes that are called as the interface's is the interface of the system."""
    Path("my_errors.py").write_text(
        "class JobNotFound(Exception): ...\nclass SessionClosed(Exception): ...\n", encoding="utf-8"
    )
    with Path("my_fake.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom my_errors import JobNotFound, SessionClosed\n")
    text = init("my_fake:MySession", "-").output

    assert module.is_dir()
    assert "\nimport my_errors\n" in text
    assert "    spec = my_errors  #" in text
    assert "    # Of the interface it lacks NoConnection, InvalidArgumentError, " in text


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("my_fake:Missing", "my_fake has no Missing"),
        ("missing:MySession", "missing can't be imported: ModuleNotFoundError: No module named 'missing'"),
        ("MySession", "'MySession' names no session; write package.module:MySession or path/to/file.py:MySession"),
        ("my_fake:", "'my_fake:' names no session; write package.module:MySession or path/to/file.py:MySession"),
        ("my_fake:number", "my_fake:number can't be called; name your class of sessions, or a function that opens one"),
        ("my_fake:Plugged", "my_fake:Plugged is a System already: flare-contract run my_fake:Plugged"),
        ("my_fake:Unfinished", "my_fake:Unfinished is abstract: it lacks submit_job"),
        ("my_fake:Nothing", "my_fake:Nothing has no method of a session: submit_job, clone_job, "),
        ("../other.py:MySession", "../other.py can't be imported from here; name it as package.module:MySession"),
    ],
)
def test_what_can_not_be_plugged_in_is_refused_in_a_line(module: Path, named: str, said: str) -> None:
    """With exit code 2, and nothing is written."""
    told = init(named)

    assert told.exit_code == 2
    assert told.output.splitlines()[-1].startswith(f"Error: {said}")
    assert "Traceback" not in told.output
    assert sorted(path.name for path in module.iterdir() if path.name != "__pycache__") == ["my_fake.py"]


def test_a_file_that_is_there_is_left_alone(module: Path) -> None:
    """Unless one insists."""
    (module / "conftest.py").write_text("mine = 1\n", encoding="utf-8")
    told = init("my_fake:MySession")

    assert told.exit_code == 2
    assert "conftest.py is there already: --force overwrites it; or name another file" in told.output
    assert (module / "conftest.py").read_text(encoding="utf-8") == "mine = 1\n"
    assert init("my_fake:MySession", "--force").exit_code == 0
    assert "class MySystem(System)" in (module / "conftest.py").read_text(encoding="utf-8")


def test_another_file_holds_no_fixture_of_pytest(module: Path) -> None:
    """It is a module, which the command that is told names by its path."""
    told = init("my_fake:MySession", "plug/system.py")

    assert "next:    flare-contract run plug/system.py:MySystem\n" in told.output
    assert "fixture" not in (module / "plug" / "system.py").read_text(encoding="utf-8")


def test_there_is_a_stub_of_everything_a_system_can_offer() -> None:
    """Uncommented, they are a body of a class that claims what it says and works."""
    text = "\n".join(f"    {line}" for line in stubs())
    made: dict[str, object] = {"my_package": type("module", (), {"interface": None})}
    source = "from __future__ import annotations\nfrom contract_tests import NotClaimed, RealClock, System\n\n\n"
    exec(f"{source}class Everything(System):\n{text}\n", made)

    offered = {name for name in vars(System) if not name.startswith("_")} - {"open_session"}
    assert offered == {name for name in vars(made["Everything"]) if not name.startswith("_")}


def test_the_stubs_open_as_many_clauses_as_there_are_to_open() -> None:
    """The numbers are the catalogue's, and every need is told."""
    comments = [line for line in stubs() if line.startswith("# ")]
    text = "\n".join(comments)

    assert re.search(r"^# clock: opens \d+ clauses, together with job_folder for plans with runs$", text, re.MULTILINE)
    assert [need for need in lacking(System()) if need.rpartition(": ")[2] not in text] == []
    told = {int(number) for number in re.findall(r"opens\s(?:#\s+)?(\d+)", text)}
    assert max(told) < len(needs())

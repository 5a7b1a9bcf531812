"""Scenarios that make no sense: what is said of them, and in which line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import JobBehavior, Scenario, SimulatedServer

if TYPE_CHECKING:
    from pathlib import Path

BAD = [
    ("clients = -1", "line 1: clients: a system cannot have -1 clients"),
    ("clients = { a = 1 }", "line 1: clients: must be a list, not {'a': 1}"),
    ("clients = ['a', 'a']", "line 1: clients[1]: there is already a client 'a'"),
    ("\nclients = ['server']", "line 2: clients[0]: a client cannot be called 'server'"),
    ("clients = ['']", "line 1: clients[0]: must be a name, not ''"),
    (
        "[[clients]]\nname = 'a'\ndrops = [\n 3,\n -4]",
        "line 3: clients[0].drops[1]: must be a number of seconds from 0",
    ),
    ("[[clients]]\nname = 'a'\nresources = {x = 'y'}", "line 1: clients[0]: client 'a' cannot have 'y' of 'x'"),
    ("[[clients]]\njoins = 3", "line 1: clients[0]: has no name"),
    ("[[clients]]\nname = 'a'\njoin = 3", "line 3: clients[0].join: there is no key 'join'; did you mean 'joins'?"),
    ("[[users]]\nname = 'x'\nrole = 'boss'", "line 1: users[0]: user 'x' has role 'boss'"),
    ("[[users]]\nname = 'x'\nchanges = [{ at = 3 }]", "line 3: users[0].changes[0]: must say at which time, and"),
    (
        "[[users]]\nname = 'x'\nchanges = [{ at = 3, role = 'boss' }]",
        "line 3: users[0].changes[0]: user 'x' has role 'boss'",
    ),
    ("[[users]]\nname = 'admin@nvidia.com'\njoins = nan", "line 3: users[0].joins: must be a number of seconds"),
    ("jobs = 3", "line 1: jobs: must be a table, not 3"),
    ("[jobs]\nx = []", "line 2: jobs.x: must be a table, or a list of tables"),
    ("[jobs]\nx = 3", "line 2: jobs.x: must be a table, not 3"),
    ("[jobs.x]\nrun_seconds = 3\noutcome = 'OK'", "line 3: jobs.x.outcome: outcome must be one of COMPLETED, "),
    ("[[jobs.x]]\nevery = 3\n\n[[jobs.x]]\nevry = 3", "line 5: jobs.x[1].evry: has unknown key 'evry'"),
    ("[[faults]]\nat = 3", "line 1: faults[0]: names no fault"),
    (
        "[[faults]]\nfault = 'partiton'",
        "line 2: faults[0].fault: there is no fault 'partiton'; did you mean 'partition'",
    ),
    ("[[faults]]\nfault = 'drop'", "line 1: faults[0]: drop has to be told its client"),
    ("[[faults]]\nfault = 'drop'\nclient = 'x'", "line 1: faults[0]: there is no client 'x'"),
    ("[[faults]]\nfault = 'hold'\nclient = 'x'", "line 3: faults[0].client: there is no key 'client'."),
    ("[[faults]]\nfault = 'repair'\nlasting = 3", "line 3: faults[0].lasting: there is no key 'lasting'."),
    ("[[faults]]\nfault = 'hold'\nlasting = -3", "line 1: faults[0]: lasting must be a number of seconds"),
    ("[[faults]]\nfault = 'hold'\nof = 'list_jobs'", "line 3: faults[0].of: says which calls count, and at_call does"),
    ("[[faults]]\nfault = 'hold'\nat = 1\nat_call = 1", "line 4: faults[0].at_call: is said beside at"),
    ("[[faults]]\nfault = 'hold'\nat_call = 0", "line 3: faults[0].at_call: the number of a call must be from 1"),
    ("[[faults]]\nfault = 'hold'\nat_call = 1\nof = 'x'", "line 1: faults[0]: there is no call 'x'."),
    ("[[faults]]\nfault = 'hold'\nat = 'noon'", "line 3: faults[0].at: must be a number of seconds from 0"),
    ("[config]\nmax_jobs = 0", "line 2: config.max_jobs: max_jobs must be a whole number above 0, not 0"),
    ("config.max_job = 0", "line 1: config.max_job: there is no key 'max_job'; did you mean 'max_jobs'?"),
    ("personality = 'nvflare-9'", "line 1: personality: there is no personality 'nvflare-9'"),
    ("seed = 'x'", "line 1: seed: seed must be a whole number"),
    ("quirks = ['x']", "line 1: quirks: there is no quirk 'x'"),
    ("progress = 'soon'", "line 1: progress: progress must be one of time, immediate, manual, not 'soon'"),
    ("start = 2026-01-01T00:00:00", "line 1: start: must be a date and time with its offset"),
    ("start = 1e99", "line 1: start: a clock cannot start at 1e+99"),
    ("title = 3", "line 1: title: must be text, not 3"),
    ("x = 3", "line 1: x: there is no key 'x'. There are 'clients', 'config',"),
    ("seed = 1\nseed = 2", "line 2: it is no TOML: Cannot overwrite a value"),
    ("seed = 1\nx = 3 = 4\n", "line 2: it is no TOML: "),
    ("seed = [\n", "line 2: it is no TOML: "),
    ("# nothing", "it says nothing; a scenario says some of title, description, seed,"),
    (".".join("a" * 200) + " = 1", "it is no TOML that can be read: it is nested too deep"),
]


@pytest.mark.parametrize(("text", "said"), BAD, ids=[said for _, said in BAD])
def test_what_makes_no_sense_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """And the key, and what would make sense."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as problem:  # noqa: PT011  (what it says is compared)
        Scenario.from_file(path)

    assert str(problem.value).startswith(f"'{path}': {said}")


def test_what_makes_no_sense_in_python_is_told_with_its_place() -> None:
    """There are no lines."""
    with pytest.raises(ValueError, match=r"^clients\[1\]\.drops: must be a number of seconds from 0 to "):
        Scenario(clients=["a", {"name": "b", "drops": None}])
    with pytest.raises(ValueError, match=r"^jobs\.x: keys must be text, not 3$"):
        Scenario(jobs={"x": {3: 4}})  # type: ignore[dict-item]


def test_bytes_are_for_python_alone() -> None:
    """A file that is no text can't be written as TOML."""
    scenario = Scenario(jobs={"*": JobBehavior(result_files={"model": b"\xff"})})
    with pytest.raises(ValueError, match=r"^model holds bytes that are no text"):
        scenario.to_toml()


def test_a_broken_scenario_closes_what_it_began(tmp_path: Path) -> None:
    """A state file is free again."""
    scenario = Scenario(clients=["a"], faults=[{"fault": "drop", "client": "a"}])
    with pytest.raises(ValueError, match="there is no client 'a'"):
        scenario.server(clients=["b"], state_file=tmp_path / "state")
    SimulatedServer(state_file=tmp_path / "state").close()

"""get_system_info: the server, and the clients that are connected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from contract_tests.clauses.shared.handed_out import ACTS, stays
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, lists, quarter_seconds
from contract_tests.sequences.histories import over_outage
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


def _names(s: Scenario) -> tuple[str, ...]:
    if not s.system.client_names:
        raise NotClaimed("the names of the connected clients", "client_names")
    return s.system.client_names


@CHECKS.check("system.parts", state=Each("none", *STATES))
def _parts(s: Scenario, state: str) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    for actor in (alice, alice, s.open()):
        _has_parts(s, actor)


@CHECKS.check("system.parts", variant="pasts", past=Each(*MAIN_HISTORIES))
def _parts_after(s: Scenario, past: str) -> None:
    _has_parts(s, starting_point(s, past, "running")[0])


@CHECKS.check("system.parts", variant="handed out", change=Each(*ACTS))
def _parts_stay(s: Scenario, change: str) -> None:
    stays(s, "running", change, lambda reader, _: reader.info())


def _has_parts(s: Scenario, alice: Actor) -> None:
    outcome = alice.do("get_system_info")
    s.require(outcome.returned, "system info", outcome)
    info = outcome.value
    server = getattr(info, "server_info", None)
    has_server = hasattr(server, "status") and hasattr(server, "start_time")
    s.require(has_server, "server_info with status and start_time", s.tell(server))
    for part, attributes in (("client_info", ("name", "last_connect_time")), ("job_info", ("job_id", "app_name"))):
        entries = getattr(info, part, None)
        s.require(isinstance(entries, list), f"{part} to be a list", s.tell(entries))
        assert entries is not None
        for entry in entries:
            right = all(hasattr(entry, attribute) for attribute in attributes)
            s.require(right, f"entries of {part} with {' and '.join(attributes)}", s.tell(entry))


@CHECKS.check("system.server-status", state=Each("none", *STATES))
def _server_status(s: Scenario, state: str) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    for actor in (alice, alice, s.open()):
        _is_status(s, actor)


@CHECKS.check("system.server-status", variant="pasts", past=Each(*MAIN_HISTORIES))
def _server_status_after(s: Scenario, past: str) -> None:
    _is_status(s, starting_point(s, past, "running")[0])


def _is_status(s: Scenario, actor: Actor) -> None:
    status = actor.info().server_info.status
    s.require(isinstance(status, str) and status, "a str that is not empty", s.tell(status))


def _is_past(s: Scenario, what: str, value: Any) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    s.require(is_number, f"{what} to be a number of seconds", s.tell(value))
    now = s.now()
    when = value / s.system.time_unit
    s.require(0 <= when <= now + s.slack, f"{what} not after {s.at(now)}", s.moment(value))


@CHECKS.check(
    "system.start-time", state=Each("none", "waiting", "running", "completed"), after=quarter_seconds(0, 1000)
)
def _start_time(s: Scenario, state: str, after: float) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    _is_past(s, "start_time", alice.info().server_info.start_time)
    s.sleep(after)
    _is_past(s, "start_time", alice.info().server_info.start_time)
    _is_past(s, "start_time", s.open().info().server_info.start_time)


@CHECKS.check(
    "system.start-time-stays", pauses=lists(quarter_seconds(0, 1000), 1, 4), state=Each("none", "running", "completed")
)
def _start_time_stays(s: Scenario, pauses: list[float], state: str) -> None:
    alice = s.open()
    first = alice.info().server_info.start_time

    def stays(actor: Actor) -> None:
        later = actor.info().server_info.start_time
        s.require(later == first, f"the start_time {s.moment(first)}", s.moment(later))

    if state != "none":
        s.job(state, alice)
        stays(alice)
    for pause in pauses:
        s.sleep(pause)
        stays(alice)
    stays(s.open())


@CHECKS.check("system.start-time-stays", variant="pasts", past=Each(*MAIN_HISTORIES))
def _start_time_stays_after(s: Scenario, past: str) -> None:
    first = s.open().info().server_info.start_time
    later = starting_point(s, past, "running")[0].info().server_info.start_time
    s.require(later == first, f"the start_time {s.moment(first)}", s.moment(later))


def _tells_clients(s: Scenario, actor: Actor, names: Iterable[str], why: str = "") -> None:
    """The assertion that these clients, and no others, have an entry each."""
    expected = sorted(names)
    found = [entry.name for entry in actor.info().client_info]
    s.require(sorted(map(str, found)) == expected, f"the clients {', '.join(expected)}{why}", s.tell(found))


@CHECKS.check("system.clients", after=quarter_seconds(0, 200), jobs=Each(0, 1, 2))
def _clients(s: Scenario, after: float, jobs: int) -> None:
    names = _names(s)
    alice = s.open()
    for _ in range(jobs):
        s.job("running", alice)
    _tells_clients(s, alice, names)
    s.sleep(after)
    _tells_clients(s, alice, names)
    _tells_clients(s, s.open(), names)


@CHECKS.check(
    "system.clients", variant="pasts", past=Each(*MAIN_HISTORIES), state=Each("running", "completed", "aborted")
)
def _clients_after(s: Scenario, past: str, state: str) -> None:
    names = _names(s)
    _tells_clients(s, starting_point(s, past, state)[0], names)


def _no_name_twice(s: Scenario, actor: Actor) -> None:
    found = [entry.name for entry in actor.info().client_info]
    s.require(len(set(map(str, found))) == len(found), "every client once", s.tell(found))


def _back(s: Scenario, name: str, away: float, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Let a client drop out and come back, or come for the first time, where the system can bring that about."""
    try:
        if name in s.system.client_names:
            s.on_system("drop_client", name)
            s.sleep_long(away)
            meanwhile()
        s.on_system("connect_client", name)
        s.sleep(1.0)
    except NotClaimed:
        return


@CHECKS.check("system.client-names", state=Each("none", *STATES), away=Each(2.0, 2000.0))
def _client_names(s: Scenario, state: str, away: float) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    _no_name_twice(s, alice)
    for name in s.system.client_names:
        _back(s, name, away, lambda: _no_name_twice(s, alice))
        _no_name_twice(s, alice)
    _no_name_twice(s, s.open())


@CHECKS.check(
    "system.connect-time", state=Each("none", "waiting", "running", "completed"), after=quarter_seconds(0, 200)
)
def _connect_time(s: Scenario, state: str, after: float) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    for pause in (0.0, after):
        s.sleep(pause)
        for actor in (alice, s.open()):
            _are_past(s, actor)
    for name in ("site-new", *s.system.client_names[:1]):
        _back(s, name, 2.0)
        _are_past(s, alice)


def _are_past(s: Scenario, actor: Actor) -> None:
    for name, moment in actor.connect_times().items():
        _is_past(s, f"last_connect_time of {name}", moment)


@CHECKS.check("system.connect-time-moves", pauses=lists(quarter_seconds(0.25, 100), 1, 8), job=Each(False, True))
def _connect_time_moves(s: Scenario, pauses: list[float], job: bool) -> None:
    names = _names(s)
    alice = s.open()
    if job:
        s.job("running", alice)
    first = last = alice.connect_times()
    for pause in [0.25, 0.25, 0.25, *pauses, s.system.patience]:
        s.sleep(pause)
        now = alice.connect_times()
        for name in names:
            s.require(name in now, f"an entry of {name}, which stays connected", s.tell(sorted(map(str, now))))
            forward = now[name] >= last.get(name, now[name])
            s.require(forward, f"{name} not to step back from {s.moment(last.get(name))}", s.moment(now[name]))
        last = now
    for _ in range(2):  # it moves on, and goes on doing so, not only once
        for name in names:
            moved = last[name] > first.get(name, 0)
            on = f"the time of {name} to have moved on from {s.moment(first.get(name))}"
            s.require(moved, on, s.moment(last[name]))
        first = last
        s.sleep(s.system.patience)
        last = alice.connect_times()


@CHECKS.check("system.connect-time-moves", variant="back", which=Each(0, -1), away=Each(2.0, 100.0))
def _moves_on_again(s: Scenario, which: int, away: float) -> None:
    """The time of a client that dropped out and came back moves on, too."""
    name = _names(s)[which]
    alice = s.open()
    s.sleep(20.0)
    before = alice.connect_times().get(name)
    _back(s, name, away)
    now = alice.connect_times().get(name, before)
    back = f"the time of {name} not to step back from {s.moment(before)}"
    s.require(before is None or now >= before, back, s.moment(now))
    for _ in range(2):
        first = alice.connect_times().get(name)
        s.sleep(s.system.patience)
        last = alice.connect_times().get(name)
        moved = first is not None and last is not None and last > first
        s.require(moved, f"the time of {name} to have moved on from {s.moment(first)}", s.moment(last))


@CHECKS.check(
    "system.dropped-client", which=Each(0, -1), pauses=lists(quarter_seconds(1, 100), 1, 5), job=Each(False, True)
)
def _dropped_client(s: Scenario, which: int, pauses: list[float], job: bool) -> None:
    name = _names(s)[which]
    alice = s.open()
    if job:
        with suppress(NotClaimed):
            s.job("running", alice)
    s.sleep(3.0)
    s.on_system("drop_client", name)
    before = alice.connect_times().get(name)
    if job:
        alice.submit()
    for pause in [1.0, *pauses, s.system.patience]:
        s.sleep(pause)
        _stays_gone(s, name, before, (alice, s.open()))


def _stays_gone(s: Scenario, name: str, before: Any, readers: Iterable[Actor]) -> None:
    """The assertion that the time of a client that has gone is what it was, unless there is no entry any more."""
    for actor in readers:
        now = actor.connect_times()
        stays = name not in now or now[name] == before
        s.require(stays, f"the time of {name} to stay {s.moment(before)}, or no entry", s.moment(now.get(name)))


def _go(s: Scenario, actor: Actor, name: str) -> Any:
    """Let a client drop out; what its time was then."""
    s.sleep(3.0)
    s.on_system("drop_client", name)
    return actor.connect_times().get(name)


@CHECKS.check("system.dropped-client", variant="long after", which=Each(0, -1), away=Each(600.0, 3600.0, 90_000.0))
def _dropped_long_ago(s: Scenario, which: int, away: float) -> None:
    name = _names(s)[which]
    alice = s.open()
    before = _go(s, alice, name)
    for pause in (min(away, s.system.longest), 1.0, 60.0):
        s.sleep(pause)
        _stays_gone(s, name, before, (alice, s.open()))


_MEANWHILE: Final[dict[str, Callable[[Scenario, Actor, str], object]]] = {
    "an outage": lambda s, actor, name: over_outage(s, actor),
    "another comes": lambda s, actor, name: s.on_system("connect_client", "site-new"),
    "all go": lambda s, actor, name: [_go(s, actor, other) for other in _names(s) if other != name],
    "another user": lambda s, actor, name: s.open(1),
}
"""What may happen while a client is gone, and is no sign of its life."""


@CHECKS.check("system.dropped-client", variant="meanwhile", act=Each("it comes back", *_MEANWHILE))
def _dropped_meanwhile(s: Scenario, act: str) -> None:
    name = _names(s)[0]
    alice = s.open()
    before = _go(s, alice, name)
    with suppress(NotClaimed):
        if act == "it comes back":
            s.on_system("connect_client", name)
            before = _go(s, alice, name)
        else:
            _MEANWHILE[act](s, alice, name)
    users = range(len(s.system.users) or 1)
    for pause in (1.0, s.system.patience):
        s.sleep(pause)
        _stays_gone(s, name, before, [s.open(user) for user in users])


@CHECKS.check("system.new-client", count=Each(1, 2, 12), job=Each(False, True))
def _new_client(s: Scenario, count: int, job: bool) -> None:
    alice = s.open()
    if job:
        with suppress(NotClaimed):
            s.job("running", alice)
    known = set(alice.connect_times())
    for number in range(count):
        name = f"site-new-{number + 1}"
        s.on_system("connect_client", name)
        s.sleep(1.0)
        known.add(name)
        _tells_clients(s, alice, known, " once the last has connected")
    s.sleep(60.0)
    for actor in (alice, s.open()):
        _tells_clients(s, actor, known, " a minute later")


@CHECKS.check("system.new-client", variant="back", which=Each(0, -1), away=Each(2.0, 100.0, 2000.0))
def _client_is_back(s: Scenario, which: int, away: float) -> None:
    name = _names(s)[which]
    alice = s.open()
    s.on_system("drop_client", name)
    s.sleep_long(away)
    alice.info()
    s.on_system("connect_client", name)
    s.sleep(1.0)
    found = [entry.name for entry in alice.info().client_info]
    s.require(name in found, f"an entry of {name}, which has connected again", s.tell(found))

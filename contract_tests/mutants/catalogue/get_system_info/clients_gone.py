"""Systems that tell of a client that has gone as if it were there, long after or on some occasion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem
from flare_sim.spec import ClientInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_Fresh = Callable[["_Telling", str, float], bool]


class _Gone(WrappedSystem):
    """Notes since when a client is gone, how often it came back, and what else has happened since."""

    def drop_client(self, name: str) -> None:
        """Note the time."""
        super().drop_client(name)
        self.memory.setdefault("gone", {})[name] = self.server.clock.time()

    def connect_client(self, name: str) -> None:
        """Note that it is back, or that another one came."""
        super().connect_client(name)
        gone: dict[str, float] = self.memory.setdefault("gone", {})
        self.memory.setdefault("back" if gone.pop(name, None) else "came", []).append(name)

    def recover(self) -> None:
        """Note it."""
        super().recover()
        self.memory["recovered"] = True


class _Telling(TellingSystem):
    """Tells of some clients that are gone that they were heard of just now."""

    fresh: _Fresh

    def changed(self, info: SystemInfo) -> Any:
        """The clients, some of them fresh."""
        clients = [self._told(client) for client in info.client_info]
        present = [client.name for client in clients]
        now = self.system.server.clock.time()
        gone = [name for name in self._gone() if name not in present and self._is_fresh(name)]
        return SystemInfo(info.server_info, clients + [ClientInfo(name, now) for name in gone], info.job_info)

    def _gone(self) -> dict[str, float]:
        return self.system.memory.get("gone", {})  # type: ignore[no-any-return]

    def _told(self, client: ClientInfo) -> ClientInfo:
        fresh = client.name in self._gone() and self._is_fresh(client.name)
        return ClientInfo(client.name, self.system.server.clock.time()) if fresh else client

    def _is_fresh(self, name: str) -> bool:
        return type(self).fresh(self, name, self.system.server.clock.time() - self._gone()[name])


_OCCASIONS: Final[tuple[tuple[str, str, _Fresh], ...]] = (
    ("TenMinutes", "ten minutes after it has gone", lambda self, name, away: away > 600),
    ("AnHour", "an hour after it has gone", lambda self, name, away: away > 3600),
    ("ADay", "a day after it has gone", lambda self, name, away: away > 86_400),
    ("AfterOutage", "after an outage", lambda self, name, away: "recovered" in self.system.memory),
    ("WhenOneComes", "once another one has come", lambda self, name, away: "came" in self.system.memory),
    ("WhenAllGone", "once all have gone", lambda self, name, away: len(self._gone()) == len(self.system.client_names)),
    ("GoneAgain", "when it goes a second time", lambda self, name, away: name in self.system.memory.get("back", ())),
    ("ToOthers", "to another user", lambda self, name, away: self.user != self.system.users[0]),
)

for _name, _when, _fresh in _OCCASIONS:
    _difference = f"tells of a client that has gone that it was heard of just now, {_when}"
    _session = type(f"_{_name}", (_Telling,), {"fresh": _fresh})
    _system = type(_name, (_Gone,), {"session": _session, "__doc__": f"{_difference}."})
    _GENERATOR.named(f"Fresh{_name}", "system.dropped-client", _difference, _system)


class _FromBefore(TellingSystem):
    """Tells of a client that is back a time of before it had gone."""

    def changed(self, info: SystemInfo) -> Any:
        """For some seconds."""
        now = self.system.server.clock.time()
        for client in info.client_info:
            if client.name in self.system.memory.get("back", ()):
                since = self.system.memory.setdefault(("since", client.name), now)
                if now - since < self._SOME:
                    client.last_connect_time = info.server_info.start_time
        return info

    _SOME: Final = 20.0


@MUTANTS.mutant("system.connect-time-moves", "tells of a client that is back when it first connected, for some seconds")
class BackFromTheStart(_Gone):
    """Reads the register of clients before it is written anew."""

    session = _FromBefore

"""Sessions whose system info is not the caller's own, or changes after it was handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_PARTS: Final = ("server_info", "client_info", "job_info")


def _kept(session: TellingSystem, what: Any, first: Any) -> Any:
    return session.system.memory.setdefault(what, first)


@MUTANTS.mutant("system.parts", "hands out one and the same object, brought up to date each time")
class OneInfo(TellingSystem):
    """Has one."""

    def changed(self, info: SystemInfo) -> Any:
        """The one there is."""
        kept = _kept(self, "info", info)
        vars(kept).update(vars(info))
        return kept


class _KeptParts(TellingSystem):
    """Hands out some of what it has handed out before, brought up to date."""

    def changed(self, info: SystemInfo) -> Any:
        """With parts of before."""
        self.renew(info)
        return info

    def renew(self, info: SystemInfo) -> None:
        """Put in what is kept."""


def _same_list(part: str) -> Callable[[Any, SystemInfo], None]:
    def renew(self: Any, info: SystemInfo) -> None:
        fresh = list(getattr(info, part))
        kept = _kept(self, part, getattr(info, part))
        kept[:] = fresh
        setattr(info, part, kept)

    return renew


def _same_entries(part: str, key: str) -> Callable[[Any, SystemInfo], None]:
    def renew(self: Any, info: SystemInfo) -> None:
        entries = getattr(info, part)
        for place, entry in enumerate(entries):
            kept = _kept(self, getattr(entry, key), entry)
            vars(kept).update(vars(entry))
            entries[place] = kept

    return renew


def _server_written_into(self: Any, info: SystemInfo) -> None:
    kept = _kept(self, "server", info.server_info)
    kept.start_time = info.server_info.start_time
    info.server_info = kept


for _name, _difference, _renew in (
    ("OneListOfClients", "hands out one list of clients, filled anew each time", _same_list("client_info")),
    ("OneListOfJobs", "hands out one list of jobs, filled anew each time", _same_list("job_info")),
    ("OneEntryPerClient", "hands out one entry per client, brought up to date", _same_entries("client_info", "name")),
    ("OneEntryPerJob", "hands out the same entry of a job each time", _same_entries("job_info", "job_id")),
    ("OneServerInfo", "keeps the server's status where callers can write it", _server_written_into),
):
    _GENERATOR.session(_name, "system.parts", _difference, {"renew": _renew}, base=_KeptParts)


@MUTANTS.mutant("system.parts", "hands out the same object for as long as nothing has changed")
class InfoUntilChanged(TellingSystem):
    """Caches what it has told."""

    def changed(self, info: SystemInfo) -> Any:
        """What was told when it was the same."""
        return _kept(self, str(info), info)


class _View(SystemInfo):
    """Asks for a part when somebody looks at it."""

    def __getattribute__(self, name: str) -> Any:
        if name in _PARTS:
            return getattr(object.__getattribute__(self, "ask")(), name)
        return object.__getattribute__(self, name)


@MUTANTS.mutant("system.parts", "looks things up when they are looked at")
class LiveInfo(TellingSystem):
    """Hands out a view."""

    def changed(self, info: SystemInfo) -> Any:
        """A view."""
        view = _View(info.server_info, info.client_info, info.job_info)
        view.__dict__["ask"] = self._ask
        return view

    def _ask(self) -> SystemInfo:
        return self.inner.get_system_info()  # type: ignore[no-any-return]

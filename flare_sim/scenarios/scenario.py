"""A situation a system may get into, from which any number of servers can be made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flare_sim.clock import VirtualClock
from flare_sim.config import DEFAULT_CONFIG
from flare_sim.engine.runs.behavior import ANY_NAME, checked_behavior
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.scenarios.tables import FIELDS, parts_of
from flare_sim.scenarios.values import BadScenario, at, each, read_table
from flare_sim.server import SimulatedServer
from flare_sim.untrusted_values import plain_path, plain_text, shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from flare_sim.config import ServerConfig
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.users import User

    Table = Mapping[str, Any]
    Jobs = Mapping[str, JobBehavior | Table | Sequence[JobBehavior | Table]]

__all__ = ["Scenario"]


class Scenario:
    """A system and what happens to it: who is there and when, how jobs end, what breaks and when.

    What it is told here is what a file of it says (``from_file``), key by key, and tables are dicts; times are seconds
    since the server was made.  Nothing happens until there is a server (``server``), and each server is a fresh one.

    Args:
        title: what it is, in a line.
        description: more about it.
        seed: where identifiers come from.
        start: the time at which it begins: seconds since the epoch, or a ``datetime`` with its offset.
        personality: whose servers it is like, a key of ``PERSONALITIES``.
        quirks: names of single quirks on top, keys of ``QUIRKS``.
        progress: how jobs get on; see ``SimulatedServer``.
        config: fields of ``ServerConfig``, as a table or as one.
        clients: how many, or for each its name, a ``Client``, or a table: ``name``, ``resources``, when it ``joins``
            (it is there from the beginning unless told), ``drops`` and ``returns`` (a time or a list of them), and
            ``leaves`` for good.
        users: who may connect beside the ``DEFAULT_USERS``, or is another than there: for each a name, a ``User``, or a
            table: ``name``, ``org``, ``role``, when the user ``joins`` and is ``revoked``, and ``changes`` of the role,
            a list of tables with ``at`` and ``role``.
        jobs: what runs do when their job does not say, by its name, which may be a pattern with ``*`` and ``?``: a
            ``JobBehavior`` or a table of its fields, or a list of them: one for each job that it fits, in the order
            in which they are deployed, the last one for all others too.
        faults: tables: ``fault``, a verb of ``Faults``, with what it takes (``client``, ``seconds``, ``site``,
            ``times``, ``user``, ``name``, ``lasting``), and ``at``, a time or a list of them, or ``at_call``, the
            number of a call, with ``of``, ``by`` and ``answered`` as in ``NthCall``; from the beginning unless told.

    Raises:
        ValueError: something in it makes no sense; the message says what, and where.

    Examples:
        >>> outage = Scenario(clients=3, faults=[{"fault": "partition", "at": 60, "lasting": 30}])
        >>> session = outage.server().connect("admin@nvidia.com")
    """

    def __init__(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        seed: int | None = None,
        start: float | datetime | None = None,
        personality: str | None = None,
        quirks: Sequence[str] | None = None,
        progress: str | None = None,
        config: ServerConfig | Table | None = None,
        clients: int | Sequence[str | Client | Table] | None = None,
        users: Sequence[str | User | Table] | None = None,
        jobs: Jobs | None = None,
        faults: Sequence[Table] | None = None,
    ) -> None:
        given = locals()
        self._said = read_table({key: given[key] for key in FIELDS if given[key] is not None}, (), FIELDS)
        self._parts = parts_of(self._said)
        for key in ("seed", "personality", "quirks", "progress"):
            if key in self._said:
                with at((key,)):
                    SimulatedServer(**{key: self._said[key]})
        self.server().close()  # what makes no sense is said now

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Scenario:
        """Return the scenario that a mapping says, as TOML and JSON are read.

        Raises:
            ValueError: something in it makes no sense.
        """
        return cls(**read_table(mapping, (), FIELDS))

    @classmethod
    def from_toml(cls, text: str) -> Scenario:
        """Return the scenario that a text says.

        Raises:
            ValueError: it is no TOML, or something in it makes no sense; the message tells the line.
        """
        from flare_sim.scenarios.toml_text import parsed, with_line

        plain = plain_text(text)
        if plain is None:
            raise ValueError(f"TOML is text, and not {shown(text)}")
        mapping = parsed(plain)
        if not mapping:
            raise ValueError(f"it says nothing; a scenario says some of {', '.join(FIELDS)}")
        try:
            return cls.from_mapping(mapping)
        except BadScenario as problem:
            raise ValueError(with_line(plain, problem.place, str(problem))) from None

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Scenario:
        """Return the scenario that a TOML file says.

        Raises:
            ValueError: it cannot be read, it is no TOML, or something in it makes no sense; the message tells the path
                and the line.
        """
        from flare_sim.scenarios.toml_text import read_text

        plain = plain_path(path)
        if not plain:
            raise ValueError(f"{shown(path)} is no path of a scenario")
        try:
            return cls.from_toml(read_text(plain))
        except ValueError as problem:
            raise ValueError(f"{shown_path(plain)}: {problem}") from None

    @classmethod
    def of(cls, given: Scenario | str | os.PathLike[str]) -> Scenario:
        """Return a scenario that is one already, or is named: the path of a file, or a name in the gallery.

        Raises:
            ValueError: there is none of that name, or it makes no sense.
        """
        if issubclass(type(given), Scenario):
            return given  # type: ignore[return-value]
        from flare_sim.scenarios.gallery import NAMES, in_gallery

        plain = plain_path(given)
        if not plain:
            raise ValueError(f"{shown(given)} is neither a scenario nor the path of one")
        if plain in NAMES:
            return cls.from_file(in_gallery(plain))
        if not plain.endswith(".toml") and os.path.basename(plain) == plain and not os.path.exists(plain):
            from flare_sim.engine.records.names import no_such

            raise ValueError(f"{no_such('there is no scenario', plain, NAMES)}, and no such file")
        return cls.from_file(plain)

    def server(self, **options: Any) -> SimulatedServer:
        """Return a fresh server in this situation.

        Args:
            options: arguments of ``SimulatedServer``, which go before what is said here: ``clients`` and ``users``
                instead of those that are said here and of what was to come of them; a ``behavior`` by name before the
                behaviors of the same names, a ``JobBehavior`` before that of ``"*"``, a function instead of all.  One
                that goes on from a ``state_file`` goes on as it was: nothing of the scenario is said to it again.

        Raises:
            ValueError, InternalError: see ``SimulatedServer``; and as a ``ValueError`` what makes no sense with these
                options, such as a fault of a client that is not there.
        """
        options = {name: value for name, value in options.items() if name != "behavior" or value is not None}
        made_with = {**self._parts.options, **options}
        start = made_with.pop("start", None)
        if start is not None and options.get("clock") is None:
            made_with["clock"] = VirtualClock(start)
        if "behavior" in options:
            made_with["behavior"] = _before(options["behavior"], self._parts.options.get("behavior", {}))
        file = plain_path(options.get("state_file"))
        goes_on = file is not None and os.path.exists(file)
        server = SimulatedServer(**made_with)
        try:
            for act in () if goes_on else self._parts.acts:
                if act.place[0] not in options:
                    act.on(server)
        except BaseException:
            server.close()
            raise
        return server

    def as_mapping(self) -> dict[str, Any]:
        """Return what it says, as TOML and JSON have it, from which ``from_mapping`` makes the same again.

        Raises:
            ValueError: files of its jobs hold what is no text.
        """
        from flare_sim.scenarios.toml_text import plain

        return {key: plain(value) for key, value in self._said.items()}

    def to_toml(self) -> str:
        """Return it as the text of a file.

        Raises:
            ValueError: files of its jobs hold what is no text.
        """
        from flare_sim.scenarios.toml_text import written

        return written(self.as_mapping())

    def but(self, **said: Any) -> Scenario:
        """Return a scenario that says the same but for what is told here, by the same keys.

        Raises:
            ValueError: it makes no sense.
        """
        return Scenario.from_mapping({**self._said, **said})

    @property
    def start(self) -> float | None:
        """The time at which it begins, in seconds since the epoch; None when that is not told."""
        start: float | None = self._said.get("start")
        return start

    @property
    def config(self) -> ServerConfig:
        """The settings of its servers."""
        return self._said.get("config", DEFAULT_CONFIG)  # type: ignore[no-any-return]

    @property
    def users(self) -> list[dict[str, Any]]:
        """What is said of users, a table for each."""
        return [dict(table) for table in self._said.get("users", ())]

    @property
    def title(self) -> str:
        """What it is, in a line, ``""`` when that is not told."""
        title: str = self._said.get("title", "")
        return title

    @property
    def description(self) -> str:
        """More about it, ``""`` when there is nothing."""
        description: str = self._said.get("description", "")
        return description

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._said == other._said

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        said = ", ".join(key for key in self._said if key not in ("title", "description"))
        return f"<Scenario {shown(self.title)}: {said or 'nothing special'}>"


def _before(given: BehaviorSource, said: Mapping[str, Any]) -> BehaviorSource:
    """Return a behavior that goes before those by name that are said."""
    checked: Any = checked_behavior(given)
    if type(checked) is JobBehavior:
        checked = {ANY_NAME: checked}
    if type(checked) is not dict:
        function: BehaviorSource = checked
        return function
    merged = {
        name: [mine.or_else(theirs) for theirs in each(said[name])]
        for name, mine in checked.items()
        if type(mine) is JobBehavior and name in said
    }
    return {**said, **checked, **merged}

"""Sessions whose metas are no dicts, lack keys, or tell the wrong id, name or status."""

from __future__ import annotations

import json
from collections import UserDict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from contract_tests.mutants.toolkit.folders import DropsKey
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import Telling, TellingWhen
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _as(make: Any) -> Any:
    return lambda self, meta: make(meta)


for _name, _difference, _make in (
    ("MetaAsText", "returns JSON text", json.dumps),
    ("MetaAsPairs", "returns a list of pairs", lambda meta: list(meta.items())),
    ("MetaReadOnly", "returns a mapping that is no dict", MappingProxyType),
    ("MetaAsUserDict", "returns something that behaves like a dict", UserDict),
    ("MetaAsList", "returns a list with the meta in it", lambda meta: [meta]),
):
    _GENERATOR.session(_name, "meta.dict", _difference, {"told": _as(_make)}, Telling)


@MUTANTS.mutant("meta.dict", "returns None for a job that could not be scheduled")
class NoMetaOfGivenUp(Telling):
    """Has no answer for one state."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Look at the status."""
        return None if meta["status"] == "FINISHED:CAN_NOT_SCHEDULE" else meta


@MUTANTS.mutant("meta.dict", "returns None while a job is dispatched")
class NoMetaOfDispatched(Telling):
    """Has no answer in between."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Look at the status."""
        return None if meta["status"] == "DISPATCHED" else meta


@MUTANTS.mutant("meta.dict", "returns text for a job of another user")
class TextOfOthersMeta(Telling):
    """Wants to say that it is not yours."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Look at the submitter."""
        return meta if meta["submitter_name"] == self.user else str(meta)


@MUTANTS.mutant("meta.dict", "returns None for a clone whose original is deleted")
class NoMetaOfOrphans(Telling):
    """Merges the meta with the original's."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Look for the original."""
        original = meta.get("cloned_from")
        there = [job["job_id"] for job in self.inner.list_jobs(False, True)] if original else []
        return None if original and original not in there else meta


def _lacking(key: str) -> Any:
    return lambda self, meta: {name: value for name, value in meta.items() if name != key}


for _key in ("job_id", "name", "status", "submitter_name", "submit_time"):
    _GENERATOR.session(
        f"MetaWithout{_key.title().replace('_', '')}",
        "meta.keys",
        f"tells no {_key}",
        {"told": _lacking(_key)},
        Telling,
    )

_DONE: Final = "FINISHED"


@MUTANTS.mutant("meta.keys", "tells no submit_time once a job is done")
class DoneHasNoSubmitTime(TellingWhen):
    """Keeps less of what is over."""

    def when(self, meta: dict[str, Any]) -> bool:
        """Once done."""
        return bool(meta["status"].startswith(_DONE))

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Leave it out."""
        return {key: value for key, value in meta.items() if key != "submit_time"}


@MUTANTS.mutant("meta.keys", "tells no submitter of clones")
class CloneHasNoSubmitter(TellingWhen):
    """Copies all but this."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For clones."""
        return "cloned_from" in meta

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Leave it out."""
        return {key: value for key, value in meta.items() if key != "submitter_name"}


@MUTANTS.mutant("meta.keys", "tells another user nothing but id and status")
class OthersMetaIsShort(TellingWhen):
    """Means to protect users."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For others' jobs."""
        return bool(meta["submitter_name"] != self.user)

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Leave most out."""
        return {key: meta[key] for key in ("job_id", "status")}


@MUTANTS.mutant("meta.keys", "calls the name job_name, as lists do, in every session but the first")
class NameCalledJobName(TellingWhen):
    """Has two names for one thing."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.number = count(self, "opened")

    def when(self, meta: dict[str, Any]) -> bool:
        """In later sessions."""
        return self.number > 1

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Rename a key."""
        return {("job_name" if key == "name" else key): value for key, value in meta.items()}


@MUTANTS.mutant("meta.job-id", "tells a clone's original")
class CloneTellsOriginal(TellingWhen):
    """Joins by the wrong id."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For clones."""
        return "cloned_from" in meta

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Tell the other id."""
        return {**meta, "job_id": meta["cloned_from"]}


@MUTANTS.mutant("meta.job-id", "tells ids in capitals")
class IdsInCapitals(Telling):
    """Normalizes too much."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Change the case."""
        return {**meta, "job_id": meta["job_id"].upper()}


@MUTANTS.mutant("meta.job-id", "tells the first eight characters of an id")
class IdsCutShort(Telling):
    """Prints well."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Cut it."""
        return {**meta, "job_id": meta["job_id"][:8]}


@MUTANTS.mutant("meta.job-id", "tells the id of the job that was asked for before")
class IdOfLastAsked(Telling):
    """Fills in the id before it looks the job up."""

    last = ""

    def told(self, meta: dict[str, Any]) -> Any:
        """Be one behind."""
        told = {**meta, "job_id": self.last or meta["job_id"]}
        self.last = meta["job_id"]
        return told


@MUTANTS.mutant("meta.job-id", "tells no id of a job that is done")
class DoneHasNoId(TellingWhen):
    """Frees the id."""

    def when(self, meta: dict[str, Any]) -> bool:
        """Once done."""
        return bool(meta["status"].startswith(_DONE))

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Have no id."""
        return {**meta, "job_id": None}


for _name, _difference, _change in (
    ("NamesLowered", "tells names in small letters", lambda name: name.lower()),
    ("NamesCutShort", "tells sixty-four characters of a name", lambda name: name[:64]),
    ("NamesInAscii", "tells names without what is not ASCII", lambda name: name.encode("ascii", "ignore").decode()),
    ("NamesSlugged", "tells names as words of a file name", lambda name: name.replace(" ", "-")),
    ("NamesAsNumbers", "tells names that look like numbers as numbers", lambda n: int(n) if n.isdigit() else n),
    ("NamesOfFolder", "tells the folder's name", lambda name: "contract_job"),
):
    _GENERATOR.session(
        _name,
        "meta.name",
        _difference,
        {"told": lambda self, meta, change=_change: {**meta, "name": change(meta["name"])}},
        Telling,
    )


@MUTANTS.mutant("meta.name", "tells every job the name of the first that was read")
class NameOfFirstRead(Telling):
    """Remembers one name."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Remember the first."""
        return {**meta, "name": self.system.memory.setdefault("name", meta["name"])}


@MUTANTS.mutant("meta.name", "tells of clones that they are clones, in their names")
class CloneNamedClone(TellingWhen):
    """Decorates names."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For clones."""
        return "cloned_from" in meta

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Decorate."""
        return {**meta, "name": f"{meta['name']}-clone"}


def _called(changed: Callable[[str], str]) -> Callable[..., Any]:
    def told(self: Any, meta: dict[str, Any]) -> Any:
        return {**meta, "name": changed(meta["name"])}

    return told


for _name, _difference, _changed in (
    ("StripsNames", "strips blanks from names", str.strip),
    ("SquashesNames", "makes one blank of several in a name", lambda name: name.replace("  ", " ")),
):
    _GENERATOR.session(_name, "meta.name", _difference, {"told": _called(_changed)}, base=Telling)

_GENERATOR.session("DropsName", "meta.name", "submits jobs without their name", {"lost": "name"}, DropsKey)


@MUTANTS.mutant("meta.status", "tells the status as a number")
class StatusAsNumber(Telling):
    """Gives another type."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Count the letters."""
        return {**meta, "status": len(meta["status"])}


@MUTANTS.mutant("meta.status", "tells the status as bytes")
class StatusAsBytes(Telling):
    """Hands out what came over the wire."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Encode it."""
        return {**meta, "status": meta["status"].encode()}


@MUTANTS.mutant("meta.status", "tells no status before a job is scheduled")
class NoStatusAtFirst(TellingWhen):
    """Has none yet."""

    def when(self, meta: dict[str, Any]) -> bool:
        """At first."""
        return bool(meta["status"] == "SUBMITTED")

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Have none."""
        return {**meta, "status": None}


@MUTANTS.mutant("meta.status", "tells empty text of a job that was killed")
class EmptyStatusOfKilled(TellingWhen):
    """Has no name for one end."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For one end."""
        return bool(meta["status"] == "FINISHED:ABNORMAL")

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Have none."""
        return {**meta, "status": ""}


@MUTANTS.mutant("meta.status", "tells status and reason in a tuple once a job is done")
class StatusWithReason(TellingWhen):
    """Gives another type at the end."""

    def when(self, meta: dict[str, Any]) -> bool:
        """Once done."""
        return bool(meta["status"].startswith(_DONE))

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Split it."""
        return {**meta, "status": tuple(meta["status"].split(":"))}

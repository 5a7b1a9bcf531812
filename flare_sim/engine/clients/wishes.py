"""What a job wants of clients that those who are there cannot give it, told before it waits for them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from flare_sim.engine.clients.resources import need_of, offer
from flare_sim.jobs.problems import Problems
from flare_sim.jobs.site_names import ALL_SITES, SERVER
from flare_sim.personality.quirks import NO_QUIRKS
from flare_sim.untrusted_values import shown, shown_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flare_sim.engine.clients.sites import Client, Site
    from flare_sim.jobs.definition import Examination
    from flare_sim.jobs.judging.draft import Draft

__all__ = ["with_wishes"]

_MOST_AMOUNTS = 10


def with_wishes(
    examination: Examination, clients: Sequence[Client | Site], quirks: frozenset[str] = NO_QUIRKS
) -> Examination:
    """Add warnings of what the scheduler will not find for a job, when these are all the clients there are.

    Args:
        examination: what came of looking at the job.
        clients: with what they declare.
        quirks: of the server.
    """
    draft = examination.draft
    if draft is None or not draft.placed:
        return examination
    warnings = Problems()
    everywhere = draft.everywhere
    there = clients if everywhere else [client for client in clients if client.name in draft.clients]
    if draft.clients or draft.mandatory_clients:
        _tell_of_sites(draft, frozenset(client.name for client in clients), warnings)
        _tell_of_mandatory(draft, frozenset(client.name for client in there), warnings)
    wanted = max(1, draft.min_clients)
    if len(there) < wanted:
        of_those = "" if everywhere else " of those it may have"
        message = f"the job needs {wanted} client{'' if wanted == 1 else 's'}, and {len(there)}{of_those} are there"
        warnings.tell("clients-few", message, draft.file, "min_clients", warning=True)
    if draft.resource_spec and not any(
        problem.kind in ("resource-spec", "docker-options", "resources-twice") for problem in draft.problems
    ):
        _tell_of_resources(draft, there, quirks, warnings)
    return examination._replace(problems=(*examination.problems, *warnings)) if warnings else examination


def _tell_of_sites(draft: Draft, names: frozenset[str], warnings: Problems) -> None:
    known = names | {ALL_SITES, SERVER}
    for app in draft.apps:
        here = f"app {shown(app.name)} goes to"
        _tell_of_missing("site-unknown", here, app.sites, known, draft.file, f"deploy_map.{app.name}", warnings)


def _tell_of_mandatory(draft: Draft, names: frozenset[str], warnings: Problems) -> None:
    here, place = "the job cannot do without", "mandatory_clients"
    _tell_of_missing("client-unknown", here, draft.mandatory_clients, names, draft.file, place, warnings)


def _tell_of_missing(
    kind: str, here: str, wanted: Sequence[Any], known: frozenset[str], file: str, place: str, warnings: Problems
) -> None:
    """Tell in one sentence of all that is ``wanted`` at a place and not ``known``."""
    missing = [(number, name) for number, name in enumerate(wanted) if type(name) is not str or name not in known]
    if missing:
        told = shown_names([name for _, name in missing])
        if len(missing) == 1:
            where, verdict = f"{place}[{missing[0][0]}]", "there is no such client"
        else:
            where, verdict = place, "there are no such clients"
        warnings.tell(kind, f"{here} {told}, and {verdict}", file, where, warning=True)


def _tell_of_resources(
    draft: Draft, there: Sequence[Client | Site], quirks: frozenset[str], warnings: Problems
) -> None:
    for client in there:
        if f"resource_spec.{client.name}" in draft.obstacles:
            continue
        need = need_of(draft.resource_spec, client.name, quirks)
        if not offer(client.resources, (), need, quirks).enough:
            asked = _amounts(need) if type(need) is dict else "nothing"
            has = "does not have that much" if client.resources else "declares nothing"
            message = f"the job asks {shown(client.name)} for {asked}, and that client {has}"
            warnings.tell("resources-short", message, draft.file, f"resource_spec.{client.name}", warning=True)


def _amounts(need: Mapping[str, Any]) -> str:
    told = ", ".join(f"{name} {shown(amount)}" for name, amount in islice(need.items(), _MOST_AMOUNTS))
    return f"{told} and more" if len(need) > _MOST_AMOUNTS else told

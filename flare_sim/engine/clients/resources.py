"""What a job asks of a client, and whether the client has it.

By amounts, every job uses up what it was given, and a client that declares nothing has no limit: the contract does not
speak of resources, so nobody is kept waiting for what nobody declared.  By GPUs, as the resource manager of NVFLARE's
own kits counts, every GPU has memory, of which jobs get a part, and a client that declares nothing has no GPU.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.personality.quirks import GPUS_COUNTED, PORTABLE_RESOURCES
from flare_sim.untrusted_values import plain_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Need = Mapping[str, Any]

__all__ = ["Offer", "counts_gpus", "gpus_left", "need_of", "offer"]

GPUS = "num_of_gpus"
MEMORY = "mem_per_gpu_in_GiB"
ALL_SITES = "@default"
"""Whose resources every site's are added to (2.9.0)."""
LAUNCHERS = ("process", "docker", "k8s", "slurm")
"""What a site's resources may be said by; the first is what runs jobs here (2.9.0)."""
NOT_RESERVED = ("num_of_cpus", "memory")
"""What a client is asked for by those who launch jobs, and not by its resource manager (2.9.0)."""
FELL_OVER = "resource manager raised an exception; see site log"


class Offer(NamedTuple):
    """What a client answers when it is asked for resources."""

    enough: bool
    """Whether it has them."""
    why: str = ""
    """What it says when it has not, if anything."""


def need_of(spec: Mapping[str, Need], site: str, quirks: frozenset[str]) -> Need:
    """Return what a job with the ``resource_spec`` asks a site's resource manager for."""
    need = spec.get(site, {})
    if PORTABLE_RESOURCES not in quirks:
        return need
    nested = any(key in need for key in LAUNCHERS)
    asked = dict(need.get(LAUNCHERS[0], {}) if nested else need)
    if ALL_SITES in spec or not nested:
        together = {**(spec.get(ALL_SITES) or {}), **asked}
        asked = {key: amount for key, amount in together.items() if key not in NOT_RESERVED}
    if asked.get(GPUS) == 0:
        del asked[GPUS]
        asked.pop(MEMORY, None)
    return asked


def offer(has: Mapping[str, float] | None, given: Iterable[Need], need: Need, quirks: frozenset[str]) -> Offer:
    """Tell whether a client has ``need`` on top of what it has given.

    Args:
        has: what it declares.
        given: what each job got that it runs.
        need: what another job asks for.
        quirks: of the server.
    """
    if type(need) is not dict:
        return Offer(enough=False)  # its resource manager falls over it (2.3.12)
    if counts_gpus(has, quirks):
        return _offer_gpus(gpus_left(has, given), need)
    if has is None:
        return Offer(enough=True)
    return Offer(all(_has(has, given, name, amount) for name, amount in need.items()))


def counts_gpus(has: Mapping[str, float] | None, quirks: frozenset[str]) -> bool:
    """Tell whether a client counts by GPUs: with that quirk, unless it declares something else."""
    return GPUS_COUNTED in quirks and all(name in (GPUS, MEMORY) for name in has or ())


def gpus_left(has: Mapping[str, float] | None, given: Iterable[Need]) -> list[float]:
    """Return the memory that is left on each GPU of a client, in GiB."""
    declared = has or {}
    free: list[float] = [declared.get(MEMORY, 0)] * int(declared.get(GPUS, 0))
    for need in given:
        wanted, memory = _taken(need, GPUS), _taken(need, MEMORY)
        taken = 0
        for gpu, left in enumerate(free):
            if left >= memory:
                free[gpu] -= memory
                taken += 1
            if taken == wanted:
                break
    return free


def _offer_gpus(free: list[float], need: Need) -> Offer:
    if not need:
        return Offer(enough=True)
    if GPUS not in need:
        return Offer(enough=False, why=FELL_OVER)
    wanted, memory = plain_number(need[GPUS]), plain_number(need.get(MEMORY, 0))
    if not free:
        return Offer(enough=False)  # not even for 0 of them (2.3.12)
    if wanted is None or memory is None:
        return Offer(enough=False, why=FELL_OVER)
    return Offer(sum(left >= memory for left in free) >= wanted)


def _has(has: Mapping[str, float], given: Iterable[Need], name: str, amount: Any) -> bool:
    wanted = plain_number(amount)
    if wanted is None or wanted <= 0:
        return True
    free: float = has.get(name, 0)
    if not name.startswith("mem_per_"):
        free -= sum(_taken(need, name) for need in given)
    return free >= wanted


def _taken(need: Need, name: str) -> float:
    """Return how much a job has of something that was given what it asked for: nothing where that is no amount."""
    amount = plain_number(need.get(name))
    return amount if amount is not None and amount > 0 else 0

"""Metrics as federated averaging has them: made up, seeded, better from round to round, with noise, for each site.

What is learned is one number, how far the model is from the best there is.  In a round each site brings it closer from
where all of them begin, at a pace of its own and with some luck, and the mean of what they have, weighed by how much
each has to learn from, is where all begin in the next one.  A site that is not there has no part in that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.runs.random_stream import RandomStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["WEIGHT", "trained", "weighted_mean"]

WEIGHT = "samples"
"""The metric that says how much a site counts."""
_DIGITS = 6
_LEAST_LOSS, _FIRST_LOSS = 0.15, 2.3
_LEAST_ACCURACY, _BEST_ACCURACY = 0.1, 0.95


def trained(job_id: str, rounds: Iterable[Sequence[str]]) -> Iterator[dict[str, dict[str, float]]]:
    """Yield what sites reach in each round: site -> ``loss``, ``accuracy`` and ``samples``.

    Args:
        job_id: the job; another one gets on otherwise.
        rounds: the sites that are there, for each round.
    """
    distance = 1.0
    known: dict[str, tuple[int, float, RandomStream]] = {}
    for sites in rounds:
        begun, reached = distance, 0.0
        weights, told = 0, {}
        for site in sites:
            if site not in known:
                stream = RandomStream(job_id, site)
                known[site] = stream.randint(200, 2000), stream.uniform(0.1, 0.4), stream
            samples, pace, stream = known[site]
            luck = stream.gauss(0.0, 0.02) * (0.2 + begun)
            own_distance = min(max(begun * (1 - pace) + luck, 0.0), 1.0)
            told[site] = {
                "loss": round(_LEAST_LOSS + (_FIRST_LOSS - _LEAST_LOSS) * own_distance, _DIGITS),
                "accuracy": round(_BEST_ACCURACY - (_BEST_ACCURACY - _LEAST_ACCURACY) * own_distance, _DIGITS),
                WEIGHT: samples,
            }
            reached += samples * own_distance
            weights += samples
        if weights:
            distance = reached / weights
        yield told


def weighted_mean(told: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return the mean of each metric over the sites that tell it, weighed by their ``samples``, alike without."""
    sums: dict[str, tuple[float, float]] = {}
    for metrics in told.values():
        weight = max(metrics.get(WEIGHT, 1), 0)
        for name, value in metrics.items():
            if name != WEIGHT:
                total, weights = sums.get(name, (0.0, 0.0))
                sums[name] = total + value * weight, weights + weight
    return {name: round(total / weights, _DIGITS) for name, (total, weights) in sums.items() if weights}

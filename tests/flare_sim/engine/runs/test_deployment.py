"""Deploying: what is written down, and when it is not enough."""

from __future__ import annotations

import pytest

from flare_sim.engine.runs.deployment import Deployment, deploy
from tests.flare_sim.job_samples import definition

APPS = {"server": "app", "a": "app", "b": "app"}


@pytest.mark.parametrize(
    ("wanted", "needed", "problems", "detail", "failed"),
    [
        (2, [], {}, ("server: OK", "a: OK", "b: OK"), False),
        (1, [], {"a": "broken"}, ("server: OK", "a: broken", "b: OK"), False),
        (
            2,
            [],
            {"a": "broken"},
            ("server: OK", "a: broken", "b: OK", "num_ok_sites 1 < required_min_sites 2"),
            True,
        ),
        (
            1,
            ["a"],
            {"a": "unknown"},
            ("server: OK", "a: unknown", "b: OK", "failed to deploy to required client a"),
            True,
        ),
        (1, [], {"server": "no disk", "a": "x"}, ("server: no disk",), True),
    ],
)
def test_a_deployment_is_judged(
    wanted: int, needed: list[str], problems: dict[str, str], detail: tuple[str, ...], failed: bool
) -> None:
    """It fails with the server, with too few clients or without a mandatory one, and the detail says so."""
    made = deploy(definition(min_clients=wanted, mandatory_clients=needed), APPS, problems)

    assert (made.detail, made.failed) == (detail, failed)
    assert made.apps == {name: "app" for name in APPS if name not in problems}


def test_what_a_server_falls_over_is_deployed_nowhere() -> None:
    """And nothing is written down of it."""
    made = definition()
    made.obstacles = {"deploy": ""}

    assert deploy(made, APPS, {}) == Deployment({}, (), failed=True)

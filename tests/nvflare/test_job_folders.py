"""What ``make_job`` writes is a job to the installed release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flare_sim import JobBehavior, make_job
from tests.nvflare.judged_jobs import compare
from tests.nvflare.real_judge import real_verdict

SAID: dict[str, dict[str, Any]] = {
    "nothing": {},
    "its sites": {"sites": ["site-1", "site-2"], "min_clients": 2, "apps": "training"},
    "all there is": {
        "name": "a-job",
        "apps": {"one": ["server", "site-1"], "other": ["site-2"]},
        "mandatory_clients": ["site-2"],
        "resource_spec": {"site-1": {"num_of_gpus": 1}},
        "behavior": JobBehavior(run_seconds=5),
        "files": {"one/custom/trainer.py": "print()\n"},
    },
}


@pytest.mark.parametrize("said", SAID)
def test_the_release_takes_the_job(tmp_path: Path, said: str) -> None:
    """By its own client, validator and job manager; and the simulator says the same of it."""
    folder = Path(make_job(tmp_path / "made", **SAID[said]))
    verdict = real_verdict(folder)

    assert verdict.meta is not None, verdict.text
    assert verdict.meta["name"] == ("a-job" if said == "all there is" else "made")
    assert not compare(folder).differs

"""The examples that are implementations are judged by the whole suite; takes minutes, and ``tox run -e examples`` does.

Every promise is tried, and none broken: which of them an example does not claim stands in its README.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples.judging import PLUGS, judge


@pytest.mark.parametrize(("example", "system"), PLUGS)
def test_an_example_conforms(example: str, system: str, tmp_path: Path) -> None:
    """To everything that MUST be kept."""
    report = judge(example, system, tmp_path / "report.json")

    assert report["verdict"] == "conformant", report["told"]

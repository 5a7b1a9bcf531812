"""Which row of the table a version of NVFLARE gets; none of this needs NVFLARE."""

from __future__ import annotations

import importlib.metadata

import pytest

from flare_sim.nvflare.releases import RELEASES, installed_release, release_of


@pytest.mark.parametrize("version", ["2.3.0", "2.3.12", "2.4.0rc1", "2.5.2", "2.6", "2.7.3", "2.8.3", "2.9.0"])
def test_a_known_version_gets_the_row_of_its_line(version: str) -> None:
    """The patch number makes no difference."""
    assert version.startswith(release_of(version).name)


@pytest.mark.parametrize("version", ["2.10.0", "2.99", "3.0.0", "10.1"])
def test_a_newer_version_gets_the_newest_row(version: str) -> None:
    """What is not known yet is taken for what is known best; numbers are compared as numbers."""
    assert release_of(version) is RELEASES[-1]


@pytest.mark.parametrize("version", ["2.2.9", "2.0", "1.99.0", "0+unknown", "", "two"])
def test_an_older_version_is_refused_by_its_name(version: str) -> None:
    """There is no FLARE API before 2.3."""
    with pytest.raises(ImportError, match=r"NVFLARE 2\.3 and newer") as caught:
        release_of(version)

    assert repr(version) in str(caught.value)


def test_without_nvflare_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One error, of the type an import would have raised."""

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    installed_release.cache_clear()

    with pytest.raises(ImportError, match=r'pip install "flare-sim\[nvflare\]"'):
        installed_release()


def test_the_table_is_in_order_and_has_a_row_for_each_line() -> None:
    """Looking up the last row that is not newer depends on it."""
    assert [release.version for release in RELEASES] == [(2, minor) for minor in range(3, 10)]

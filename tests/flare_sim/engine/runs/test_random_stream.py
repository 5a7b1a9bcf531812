"""Random numbers that follow from names: the same everywhere, and spread as they should be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from flare_sim import RandomStream
from tests.flare_sim.interpreters import SUPPORTED, interpreter

DRAW = """
from flare_sim import RandomStream
stream = RandomStream("run", "\\ud83d", "0")
print(stream.random(), stream.uniform(-1, 3), stream.gauss(2, 0.5), stream.randint(1, 6), stream.choice("abcdef"))
"""
DRAWN = "0.2624972955288334 -0.7741898133657381 1.51458740234375 4 a"
GAUSS = 1.062225341796875


def test_numbers_are_those_they_were() -> None:
    """In every release, so that what was made up of them stays as it is."""
    stream = RandomStream("run", "\ud83d", "0")
    drawn = (
        stream.random(),
        stream.uniform(-1, 3),
        stream.gauss(2, 0.5),
        stream.randint(1, 6),
        stream.choice("abcdef"),
    )

    assert " ".join(map(str, drawn)) == DRAWN
    assert (stream.gauss(), repr(stream)) == (GAUSS, "<RandomStream, 6 drawn>")
    assert (stream.uniform(1e300, 1e300), stream.uniform(-1e300, -1e300)) == (1e300, -1e300)


@pytest.mark.parametrize("version", SUPPORTED)
@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_numbers_are_the_same_everywhere(version: str, hash_seed: str) -> None:
    """In another process, of every supported version, whatever hashes are seeded with."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    root = Path(__file__).parents[4]
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    told = subprocess.run([python, "-c", DRAW], capture_output=True, check=True, cwd=root, text=True, env=environment)

    assert told.stdout.strip() == DRAWN


def test_streams_are_told_apart_by_their_names() -> None:
    """However these are cut; the same names give the same stream."""
    names = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ()]

    assert len({RandomStream(*one).random() for one in names}) == len(names)
    assert RandomStream("a").random() == RandomStream("a").random()


def test_numbers_are_spread_as_they_should_be() -> None:
    """Evenly, or around a mean: as far as a thousand tell."""
    stream = RandomStream("x")
    even = [stream.uniform(2, 4) for _ in range(1000)]
    around = [stream.gauss(5, 2) for _ in range(1000)]
    mean = sum(around) / 1000

    assert (2 <= min(even) < 2.02, 3.98 < max(even) <= 4) == (True, True)
    assert sum(even) / 1000 == pytest.approx(3, abs=0.06)
    assert mean == pytest.approx(5, abs=0.2)
    assert sum((one - mean) ** 2 for one in around) / 1000 == pytest.approx(4, abs=0.5)
    assert {stream.randint(1, 3) for _ in range(100)} == {1, 2, 3}
    assert {stream.choice(["a", "b"]) for _ in range(100)} == {"a", "b"}
    assert all(0 <= stream.random() < 1 for _ in range(1000))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda s: s.uniform("a", 1), "low must be a number, not 'a'"),
        (lambda s: s.uniform(1, float("nan")), "high must be a number, not nan"),
        (lambda s: s.gauss(10**400), "mean must be a number, not a value of type int"),
        (lambda s: s.gauss(0, None), "deviation must be a number, not None"),
        (lambda s: s.randint(2, 1), "there is no whole number from 2 to 1 to be drawn"),
        (lambda s: s.randint(0, 1 << 64), "there is no whole number from 0 to 18446744073709551616 to be drawn"),
        (lambda s: s.randint(0, 1.5), "there is no whole number from 0 to 1.5 to be drawn"),
        (lambda s: s.choice([]), r"one of a list, a tuple or a text is chosen, not of \[\]"),
        (lambda s: s.choice({1, 2}), "one of a list, a tuple or a text is chosen, not of a value of type set"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: object, said: str) -> None:
    """Nothing is drawn then."""
    stream = RandomStream("x")
    with pytest.raises(ValueError, match=f"^{said}$"):
        draw(stream)  # type: ignore[operator]

    assert repr(stream) == "<RandomStream, 0 drawn>"


def test_a_single_number_is_drawn_as_well() -> None:
    """From as many as there are in 64 bits, too."""
    stream = RandomStream("x")

    assert stream.randint(7, 7) == 7
    assert 0 <= stream.randint(0, (1 << 64) - 1) < 1 << 64

"""The form of a state file: what can be told from its bytes before anything in them is believed."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.saving.records import MAGIC, BadState, Checksum, RecordReader, head, packed, read_head, unpacked

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=10,
)


def file_of(payloads: list[bytes]) -> bytes:
    """A file of records."""
    checksum = Checksum()
    return MAGIC + b"".join(map(checksum.record, payloads))


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_what_is_written_is_read(payloads: list[bytes]) -> None:
    """Whatever bytes a record holds, the reader gives them, and the checksum it comes to is the writer's."""
    content = file_of(payloads)
    reader = RecordReader(BytesIO(content), len(content))

    assert list(reader) == payloads
    assert (reader.end, reader.torn) == (len(content), False)
    assert reader.checksum.record(b"more") == file_of([*payloads, b"more"])[len(content) :]


@given(PLAIN)
def test_plain_data_is_the_same_afterwards(value: object) -> None:
    """Also lone surrogates, pairs of them that were written apart, numbers of any size, and zeros with a sign."""
    kind, (read,) = unpacked(packed("kind", value))

    assert (kind, repr(read)) == ("kind", repr(value))


def test_two_halves_of_a_character_stay_two() -> None:
    """JSON's own way to write them would make one of them."""
    assert unpacked(packed("kind", "\ud83d" + "\ude00"))[1] == ["\ud83d" + "\ude00"]


def test_records_that_change_places_are_noticed() -> None:
    """So is one that is left out, or there twice: a checksum is over all that stands before as well."""
    first, second, third = b"[1]", b"[2]", b"[3]"
    content = file_of([first, second, third])
    length = (len(content) - len(MAGIC)) // 3
    one, two, three = (content[len(MAGIC) + length * number :][:length] for number in range(3))

    for changed in ([two, one, three], [one, three], [one, one, two, three], [one, two, three, three]):
        with pytest.raises(BadState, match="is damaged"):
            list(RecordReader(BytesIO(MAGIC + b"".join(changed)), len(MAGIC) + length * len(changed)))


def test_what_no_record_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What JSON does not have, what is too deep or too large: it is said before anything is written."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (object(), {1, 2}, b"bytes", deep):
        with pytest.raises(BadState, match="cannot hold a kind: "):
            packed("kind", value)
    monkeypatch.setattr("flare_sim.saving.records.MOST_VALUES", 10)
    with pytest.raises(BadState, match="cannot hold a kind of "):
        packed("kind", *range(10))


def test_the_first_record_says_whether_calls_may_follow() -> None:
    """And of which format the file is, which is read by whoever knows that."""
    assert read_head(head(log=True))
    assert not read_head(head(log=False))
    with pytest.raises(BadState, match="has a format that is not known"):
        read_head(packed("other", {"format": 1, "log": True}))

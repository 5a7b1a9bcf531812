"""What a run is told to do: every field is checked, and each is taken from the first source that has it."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import JobBehavior
from flare_sim.jobs.behavior import OUTCOMES
from flare_sim.untrusted_values import shown

BAD_FIELDS: list[tuple[str, Any]] = [
    ("deploy_seconds", -1),
    ("start_seconds", float("nan")),
    ("run_seconds", float("inf")),
    ("run_seconds", 1e10),
    ("run_seconds", "7"),
    ("run_seconds", True),
    ("outcome", "FINISHED:COMPLETED"),
    ("outcome", 1),
    ("deploy_failures", "site-1"),
    ("deploy_failures", [1]),
    ("deploy_failures", [""]),
    ("result_bytes", 1.5),
    ("result_bytes", -1),
    ("result_bytes", 2**63 + 1),
    ("result_files", ["a"]),
    ("result_files", {"../a": ""}),
    ("result_files", {"a": 1}),
    ("result_files", {"a": "", "a/b": ""}),
]


def parts_of(value: Any) -> list[Any]:
    """A value, and what is in it: a message shows the one that is no good."""
    if isinstance(value, dict):
        return [*value, *value.values()] if value != {"a": 1} else [1]
    return value if isinstance(value, list) and value != ["a"] else [value]


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_a_bad_field_is_named(field: str, value: Any) -> None:
    """A value that makes no sense is refused, and the message says which field it was."""
    with pytest.raises(ValueError, match=field if field != "result_files" else r"result[_ ]file") as refused:
        JobBehavior(**{field: value})
    assert any(shown(part) in str(refused.value) for part in parts_of(value))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("outcome", "DONE", f"outcome must be one of {', '.join(OUTCOMES)}, not 'DONE'"),
        ("deploy_failures", "site-1", "deploy_failures must be a list of site names, not 'site-1'"),
        ("deploy_failures", {"site-1": 1}, "deploy_failures must be a list of site names, not {'site-1': 1}"),
        ("deploy_failures", ["a", ""], "deploy_failures must hold site names, not ''"),
        ("result_bytes", 1.5, "result_bytes must be a whole number of bytes from 0 to 2**63, not 1.5"),
        ("result_files", ["a"], "result_files must be an object of path to text, not ['a']"),
        ("result_files", {"../a": ""}, "result_files: '../a' is not a plain relative path"),
        ("result_files", {"log.txt/a": ""}, "result_files: 'log.txt/a' is where the server keeps log.txt"),
        ("result_files", {"app_server": ""}, "result_files: 'app_server' is where the server keeps app_server"),
        ("result_files", {"ab/c": "", "ab": ""}, "result_files: 'ab' is both a file and a folder"),
        ("result_files", {"a": 1}, "a result file holds text or bytes, not 1"),
        ("run_seconds", "7", "run_seconds must be a number of seconds from 0 to 1000000000, not '7'"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(field: str, value: Any, said: str) -> None:
    """What it may be, and what it is."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        JobBehavior(**{field: value})


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "run_seconds": st.floats(0, 1e9),
            "deploy_seconds": st.integers(0, 10),
            "outcome": st.sampled_from(sorted(OUTCOMES)),
            "deploy_failures": st.lists(st.sampled_from(["site-1", "server"])),
            "result_bytes": st.integers(0, 2**63),
            "result_files": st.dictionaries(st.sampled_from(["a", "b/c"]), st.text()),
        },
    )
)
def test_what_is_left_out_comes_from_the_next_source(given_fields: dict[str, Any]) -> None:
    """A field that was given wins; one that was not is the other's."""
    other = JobBehavior(run_seconds=3, outcome="ABNORMAL", result_bytes=1)
    own = JobBehavior.from_mapping(given_fields)

    merged = own.or_else(other)

    for name, theirs, result in zip(JobBehavior._fields, other, merged, strict=True):
        assert result == (getattr(own, name) if name in given_fields else theirs)
    assert type(merged) is JobBehavior


@pytest.mark.parametrize("mapping", [None, [], "x", 3, MappingProxyType({"run_seconds": 1})])
def test_a_behavior_is_an_object(mapping: Any) -> None:
    """Anything but an object is no behavior."""
    with pytest.raises(ValueError, match=r"^must be an object, not ") as refused:
        JobBehavior.from_mapping(mapping)
    assert str(refused.value).endswith(f" {shown(mapping)}")


def test_an_unknown_key_is_named() -> None:
    """A key that is not known is refused, and the known ones are listed."""
    with pytest.raises(ValueError, match=r"'seconds'; known: deploy_seconds, start_.*, result_files, .*, log_lines$"):
        JobBehavior.from_mapping({"seconds": 1})


@pytest.mark.parametrize("other", [None, {}, 3])
def test_only_a_behavior_says_what_is_left_out(other: Any) -> None:
    """Anything else is shown."""
    with pytest.raises(ValueError, match=f"^a JobBehavior is needed, not {shown(other)}$"):
        JobBehavior().or_else(other)


def test_a_behavior_shows_what_was_given() -> None:
    """The representation has the given fields only, with what is in them."""
    assert repr(JobBehavior(run_seconds=2)) == "JobBehavior(run_seconds=2.0)"
    assert repr(JobBehavior(outcome="ABORTED", deploy_failures=["a", "b"])) == (
        "JobBehavior(outcome='ABORTED', deploy_failures=['a', 'b'])"
    )

"""Jobs by how a text of theirs begins: the same as looking at each, whatever came and went in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim.engine import prefix_tree
from flare_sim.engine.job_store import JobStore
from flare_sim.engine.prefix_tree import PrefixTree
from tests.flare_sim.job_samples import definition, new_job

TEXTS = st.text("aAb", max_size=5)
DEFINITIONS = {name: definition(name=name) for name in ("", "a", "aa", "Ab", "aab", "b", "aaaaaaaa")}


@given(st.lists(st.tuples(st.sampled_from(["add", "add", "remove", "look"]), st.integers(0, 99), TEXTS), max_size=40))
def test_what_begins_so_is_found(steps: list[tuple[str, int, str]]) -> None:
    """By id as it is written or in any case, by name in any case, the newest first; what was removed is not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prefix_tree, "FEW", 2)
        store = JobStore()
        for verb, number, text in steps:
            jobs = list(store)
            if verb == "add":
                job = new_job(store.counter, made=list(DEFINITIONS.values())[number % len(DEFINITIONS)])
                job.job_id = f"{text}{store.counter}"
                store.add(job)
            elif verb == "remove" and jobs:
                store.remove(jobs[number % len(jobs)])
            else:
                newest, lower = jobs[::-1], text.lower()
                assert list(store.with_id(text)) == [job for job in newest if job.job_id.startswith(text)]
                assert list(store.with_id(text, any_case=True)) == [
                    job for job in newest if job.job_id.lower().startswith(lower)
                ]
                assert list(store.with_name(text)) == [
                    job for job in newest if job.definition.name.lower().startswith(lower)
                ]


def test_a_text_may_end_where_others_go_on() -> None:
    """Even once those are known apart by what comes next."""
    store, tree = JobStore(), PrefixTree(lambda job: job.job_id)
    ids = [*(f"ab{number}" for number in range(prefix_tree.FEW + 1)), "a", "ab"]
    for serial, job_id in enumerate(ids):
        job = new_job(serial)
        job.job_id = job_id
        store.add(job)
        found = [found.job_id for found in tree.newest("ab1", store, serial + 1)]

    assert found == [one for one in reversed(ids) if one.startswith("ab1")]
    assert [job.job_id for job in tree.newest("a", store, len(ids))] == ids[::-1]


def test_a_job_that_was_added_in_part_is_added() -> None:
    """As when an interrupt lands there: below it is known already, at the top not yet, and then it is there once."""
    store, tree = JobStore(), PrefixTree(lambda job: job.job_id)
    for serial in range(100):
        store.add(new_job(serial))
    assert len(list(tree.newest("id-009", store, 100))) == 10
    store.add(new_job(100))
    node = tree._root.below["i"]  # type: ignore[index]
    node.jobs.append(store.get("id-0100"))  # type: ignore[arg-type]

    for _ in range(2):
        assert [job.serial for job in tree.newest("id-01", store, 101)] == [100]
        assert [job.serial for job in tree.newest("i", store, 101)] == list(range(101))[::-1]


def test_what_was_removed_is_not_kept_for_ever() -> None:
    """Once most of what it knows is gone, it begins anew, with few or with many."""
    store, tree = JobStore(), PrefixTree(lambda job: job.job_id)
    for serial in range(400):
        store.add(new_job(serial))
    assert len(list(tree.newest("id", store, 400))) == 400
    for left in (100, 10):
        for job in list(store)[:-left]:
            store.remove(job)
        assert len(list(tree.newest("id", store, left))) == left
        assert len(list(tree.newest("id-039", store, left))) == 10


def test_what_comes_late_is_found_by_all_that_is_asked() -> None:
    """Also when it begins as nothing did before, and there is much of it."""
    store, tree = JobStore(), PrefixTree(lambda job: job.job_id)
    ids = [f"{letter}{number:03d}" for letter in "ab" for number in range(100)]
    for serial, job_id in enumerate(ids):
        job = new_job(serial)
        job.job_id = job_id
        store.add(job)
        for prefix in (job_id[:length] for length in range(1, 5)):
            found = [job.job_id for job in tree.newest(prefix, store, serial + 1)]
            assert found == [one for one in reversed(ids[: serial + 1]) if one.startswith(prefix)]

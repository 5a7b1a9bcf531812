"""Folders that go with their owner."""

from __future__ import annotations

import gc
import os

from flare_sim.temporary_folders import Folders


class Owner:
    """Somebody with folders."""


def test_a_folder_is_the_same_whenever_it_is_asked_for() -> None:
    """It is there, also when somebody removed it, and apart from those of other names and owners."""
    owner = Owner()
    folders, others = Folders(owner), Folders(owner)
    first = folders.named("downloads")
    os.rmdir(first)

    assert folders.named("downloads") == first
    assert os.path.isdir(first)
    assert len({first, folders.named("uploads"), others.named("downloads")}) == 3


def test_removing_takes_what_is_in_them_and_may_be_done_again() -> None:
    """No file is left of any of them."""
    owner = Owner()
    folders = Folders(owner)
    folder = folders.named("downloads")
    with open(os.path.join(folder, "result.txt"), "w", encoding="utf-8") as file:
        file.write("done")

    folders.remove()
    folders.remove()

    assert not os.path.exists(os.path.dirname(folder))


def test_they_go_with_their_owner() -> None:
    """They don't keep it alive, and are gone when it is."""
    owner = Owner()
    folder = Folders(owner).named("downloads")

    del owner
    gc.collect()

    assert not os.path.exists(folder)

"""Naming a system: every good way, and what is said of every bad one."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from contract_tests import BadSystem, System, check
from contract_tests.reference import SimulatedSystem
from contract_tests.system.lookup import REFERENCE, chosen, factory, label, usable

GOOD = """
from contract_tests import System

class Mine(System):
    class Inner(System):
        pass

def make():
    return Mine()

def make_wrong():
    return 7

class Stranger:
    pass

one = Mine()
number = 7
"""


def write(name: str, text: str = GOOD) -> str:
    """A module in the current folder."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_the_reference_is_judged_when_nobody_names_a_system() -> None:
    """Nothing and empty text name nothing."""
    assert chosen({"one": None, "other": ""}) == REFERENCE
    assert factory(REFERENCE) is SimulatedSystem


def test_one_source_decides() -> None:
    """What one source names is judged, whichever it is."""
    assert chosen({"one": None, "other": "a:B"}) == "a:B"


def test_two_sources_may_agree() -> None:
    """Naming the same system twice is no disagreement."""
    assert chosen({"one": "a:B", "other": "a:B"}) == "a:B"


def test_two_sources_that_disagree_are_refused() -> None:
    """The text names both sources and what they say."""
    with pytest.raises(BadSystem) as caught:
        chosen({"the command line": "a:B", "FLARE_SYSTEM": "c:D", "nobody": None})

    assert "the command line says a:B" in str(caught.value)
    assert "FLARE_SYSTEM says c:D" in str(caught.value)
    assert "nobody" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["mod_good:Mine", "mod_good:Mine.Inner", "mod_good.py:Mine", "pkg.deep:Mine", "sub/mod_far.py:Mine"]
)
def test_a_class_is_found(name: str, here: Path) -> None:
    """In a module of the current folder, nested, in a file by its path, in a package, in a file elsewhere."""
    for path in ("mod_good.py", "pkg/deep.py", "sub/mod_far.py"):
        write(path)

    found = factory(name)

    assert isinstance(found, type)
    assert issubclass(found, System)
    assert found.__qualname__ == name.rpartition(":")[2]


def test_a_file_is_found_by_its_absolute_path(here: Path) -> None:
    """A path may come from anywhere."""
    write("far/mod_abs.py")

    assert isinstance(factory(f"{here / 'far' / 'mod_abs.py'}:Mine")(), System)


def test_a_function_that_makes_systems_will_do(here: Path) -> None:
    """It is called anew each time, and reports call it by its own name."""
    write("mod_make.py")

    made = factory("mod_make:make")

    assert isinstance(made(), System)
    assert made() is not made()
    assert label(made) == "mod_make:make"


def test_a_class_is_called_by_its_module_and_name() -> None:
    """A label can be handed back to the command."""
    assert label(SimulatedSystem) == REFERENCE


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "names no system"),
        ("mod_bad", "names no system"),
        (":Mine", "names no system"),
        ("mod_bad:", "names no system"),
        ("mod_bad:Missing", "mod_bad has no Missing"),
        ("mod_bad:Mine.Missing", "mod_bad has no Mine.Missing"),
        ("mod_bad:one", "one system; the suite needs a fresh one"),
        ("mod_bad:number", "can't be called"),
        ("mod_bad:Stranger", "not a subclass of contract_tests.System"),
        ("no_such_module_anywhere:Mine", "can't be imported: ModuleNotFoundError"),
        ("no_such_file.py:Mine", "there is no file no_such_file.py"),
        ("sub:Mine", "sub has no Mine"),
    ],
)
def test_what_is_no_system_is_refused(name: str, told: str, here: Path) -> None:
    """The text says what is wrong with the name."""
    write("mod_bad.py")
    (here / "sub").mkdir()

    with pytest.raises(BadSystem, match=told):
        factory(name)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("import sys; sys.exit()", "SystemExit"),
    ],
)
@pytest.mark.parametrize("name", ["mod_broken:Mine", "mod_broken.py:Mine"])
def test_a_broken_module_is_refused(body: str, told: str, name: str, here: Path) -> None:
    """Whatever its import raises is told; a module that ends the process must not pass for a verdict."""
    write("mod_broken.py", body + "\n")

    with pytest.raises(BadSystem, match=rf"can't be imported: {told}"):
        factory(name)


def test_a_broken_file_leaves_no_module_behind(here: Path) -> None:
    """A second try after a repair finds the repaired file."""
    write("mod_repaired.py", "1 / 0\n")
    with pytest.raises(BadSystem):
        factory("mod_repaired.py:Mine")
    write("mod_repaired.py")

    assert "mod_repaired" not in sys.modules
    assert isinstance(factory("mod_repaired.py:Mine")(), System)


def test_a_file_never_takes_the_place_of_a_module(here: Path) -> None:
    """A file that is called like a module which is in use does no harm to it."""
    import json

    write("sub/json.py")

    found = factory("sub/json.py:Mine")

    assert issubclass(found, System)  # type: ignore[arg-type]
    assert sys.modules["json"] is json


def test_a_file_may_import_its_neighbor(here: Path) -> None:
    """What lies in the current folder can be imported by a file that is named by its path."""
    write("mod_neighbor.py")
    write("sub/mod_user.py", "from mod_neighbor import Mine as Mine\n")

    assert isinstance(factory("sub/mod_user.py:Mine")(), System)


def test_a_file_is_run_once(here: Path) -> None:
    """Naming it again gives the very same class, not one more of the same name."""
    write("sub/mod_once.py")

    assert factory("sub/mod_once.py:Mine") is factory(f"{here}/sub/mod_once.py:Mine")


def test_two_files_of_one_name_are_kept_apart(here: Path) -> None:
    """Their classes are different, and each is called so that it can be told from the other."""
    write("one/mod_twin.py")
    write("other/mod_twin.py")

    first, second = factory("one/mod_twin.py:Mine"), factory("other/mod_twin.py:Mine")

    assert first is not second
    assert label(first) != label(second)


def test_a_dataclass_in_a_file_finds_its_module(here: Path) -> None:
    """A module read from a file is registered, as what looks itself up needs it to be."""
    write(
        "sub/mod_data.py",
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom contract_tests import System\n"
        "@dataclass\nclass Mine(System):\n    number: int = 3\n",
    )

    assert vars(factory("sub/mod_data.py:Mine")())["number"] == 3


def test_a_function_that_makes_something_else_is_found_out_when_it_is_called(here: Path) -> None:
    """The text says what it made."""
    write("mod_wrong.py")

    with pytest.raises(BadSystem, match=r"made a int, not a contract_tests\.System"):
        factory("mod_wrong:make_wrong")()


def test_a_factory_can_be_anything_callable() -> None:
    """A lambda and an object with __call__ serve, too."""

    class Maker:
        def __call__(self) -> System:
            return System()

    assert isinstance(usable(lambda: SimulatedSystem(seed=3), "a lambda")(), System)
    assert isinstance(usable(Maker(), "an object")(), System)


def test_check_refuses_what_is_no_factory() -> None:
    """The plain function says at once that it was given an instance, or nothing of use."""
    with pytest.raises(BadSystem, match="one system"):
        check(System())  # type: ignore[arg-type]
    with pytest.raises(BadSystem, match="can't be called"):
        check("contract_tests.reference:SimulatedSystem")  # type: ignore[arg-type]
    with pytest.raises(BadSystem, match="not a subclass"):
        check(dict)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["mine", "pkg.mine", "below/conftest.py", "below/mine.py"])
def test_a_system_is_called_by_what_finds_it_again(name: str, here: Path) -> None:
    """By its module where that is found by name, else by its file, as seen from the current folder."""
    write(name if name.endswith(".py") else name.replace(".", "/") + ".py")
    made = factory(f"{name}:Mine")

    assert label(made) == f"{name}:Mine"
    assert factory(label(made)) is made


def test_a_script_is_called_by_its_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its module has another name by then."""
    write("script.py")
    script = runpy.run_path("script.py", run_name="__main__")
    main = type(sys)("__main__")
    main.__file__ = str(here / "script.py")
    monkeypatch.setitem(sys.modules, "__main__", main)

    assert label(script["Mine"]) == "script.py:Mine"


def test_what_was_made_in_a_function_is_told_so() -> None:
    """A label of a lambda is no name; what is said of it says what would be."""

    def made() -> System:
        return SimulatedSystem()

    assert "<locals>" in label(made)
    with pytest.raises(BadSystem, match="has no name to find it by"):
        factory(label(made))


def test_a_function_is_the_same_factory_each_time() -> None:
    """What is known of the systems it makes is known of all."""

    def made() -> System:
        return SimulatedSystem()

    assert usable(made, "made") == usable(made, "made")
    assert len({usable(each, "made") for each in (made, made, write)}) == 2


def test_a_file_finds_what_stands_beside_it(here: Path) -> None:
    """As a script does."""
    write("below/beside_it.py", "number = 7\n")
    write("below/with_helper.py", f"import beside_it\n{GOOD}")

    assert factory("below/with_helper.py:Mine")().__class__.__name__ == "Mine"

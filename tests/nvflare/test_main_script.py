"""A file runs as it would under Python itself."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flare_sim.nvflare.main_script import run_as_main

SAME_UNDER_PYTHON = {
    "arguments": "import sys; print(sys.argv[1:], __name__, len(sys.argv))",
    "exit code": "import sys; sys.exit(7)",
    "exit without a code": "import sys; print('bye'); sys.exit()",
    "exit with a sentence": "import sys; sys.exit('no kit given')",
    "an exception": "def deep():\n    return 1 / 0\n\n\ndeep()",
    "an exception from another": "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e",
    "a syntax error": "def (",
    "a neighbour": "import neighbour; print(neighbour.HERE)",
    "a module that is not there": "import no_such_neighbour",
    "too deep": "import sys\nsys.excepthook = lambda *a: print(a[0].__name__)\n\n\ndef f():\n    f()\n\n\nf()",
    "pickling of its own classes": "import pickle\nclass A: pass\nprint(pickle.loads(pickle.dumps(A)).__name__)",
    "an excepthook": "import sys\nsys.excepthook = lambda *a: print('hooked', a[0].__name__)\nraise KeyError('x')",
    "the file's own name": "import os, sys; print(os.path.basename(__file__), os.path.isabs(__file__), sys.path[0])",
    "an interruption": "raise SystemExit(True)",
}


def written(folder: Path, text: str) -> str:
    """A script in a folder with a neighbour; returns its path."""
    (folder / "neighbour.py").write_text("HERE = 'next to it'\n", encoding="utf-8")
    script = folder / "script.py"
    script.write_text(textwrap.dedent(text) + "\n", encoding="utf-8")
    return str(script)


def told(command: list[str]) -> tuple[int, str, str]:
    """What a command prints, and its exit code."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("text", SAME_UNDER_PYTHON.values(), ids=SAME_UNDER_PYTHON)
def test_it_prints_and_exits_as_under_python(tmp_path: Path, text: str) -> None:
    """Exit code, output and traceback are those of ``python script.py a b``, to the letter."""
    script = written(tmp_path, text)
    program = (
        "import sys; from flare_sim.nvflare.main_script import run_as_main; "
        "sys.exit(run_as_main(sys.argv[1], sys.argv[2:]))"
    )

    assert told(["-c", program, script, "a", "b"]) == told([script, "a", "b"])


def test_everything_is_put_back(tmp_path: Path) -> None:
    """Arguments, path and main module are as they were, also after an exception."""
    before = sys.argv, list(sys.path), sys.modules["__main__"]

    assert run_as_main(written(tmp_path, "import sys; sys.argv.clear(); 1 / 0")) == 1
    assert (sys.argv, sys.path, sys.modules["__main__"]) == before


def test_an_interruption_is_told(tmp_path: Path) -> None:
    """Ctrl-C ends the script with the code shells give to it."""
    assert run_as_main(written(tmp_path, "raise KeyboardInterrupt")) == 130


def test_threads_are_waited_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What a script left running in a thread is done when it returns."""
    text = """
    import threading
    go = threading.Event()
    threading.Thread(target=lambda: (go.wait(0.05), print('done'))).start()
    """

    assert run_as_main(written(tmp_path, text)) == 0
    assert capfd.readouterr().out == "done\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is the caller's business."""
    with pytest.raises(FileNotFoundError):
        run_as_main(str(tmp_path / "none.py"))

"""Takes the pictures of pages in Chromium: of a notebook, and of the documentation as a site.

Usage, from the root of the tree, with Chromium on the path, nbconvert, ipykernel and playwright installed, and the site
built by ``tox run -e docs``: python docs/make_screenshots.py
"""

from __future__ import annotations

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
SITE: Final = ROOT / ".tox" / "docs" / "site"

CELLS: Final = (
    """from flare_sim import JobBehavior, SimulatedServer

server = SimulatedServer(clients=3, behavior=JobBehavior(rounds=5, every=60))
session = server.connect("admin@nvidia.com")
job_id = session.submit_job("examples/hello-job")
server.faults.drop("site-2", after=90)
server.faults.reconnect("site-2", after=150)
session.monitor_job(job_id)
session.abort_job(session.clone_job(job_id))
server""",
    "server.jobs[0]",
)
"""What is typed into the notebook of the picture."""


class Shot(NamedTuple):
    """A picture of a page of the site."""

    name: str
    page: str
    width: int
    height: int
    scheme: str


SHOTS: Final = (
    Shot("site", "tutorials/application/", 1280, 720, "light"),
    Shot("site-phone", "how-to/history/", 390, 720, "dark"),
)


def notebook() -> str:
    """Run the cells in a notebook and return it as a page."""
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    made = nbformat.v4.new_notebook(cells=cells)
    ExecutePreprocessor(kernel_name="python3").preprocess(made, {"metadata": {"path": str(ROOT)}})
    return str(HTMLExporter(template_name="lab").from_notebook_node(made)[0])


def take_notebook(browser: Browser) -> None:
    """Write the picture of the notebook."""
    page = browser.new_page(viewport={"width": 960, "height": 100})
    page.route("http*://**", lambda route: route.abort())  # fonts and the like
    page.set_content(notebook())
    page.screenshot(path=PICTURES / "notebook.png", full_page=True)


def take_site(browser: Browser) -> None:
    """Write the pictures of the site."""
    serve = functools.partial(SimpleHTTPRequestHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, path, width, height, scheme in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"http://127.0.0.1:{server.server_port}/{path}", wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
        server.shutdown()


if __name__ == "__main__":
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=[] if os.geteuid() else ["--no-sandbox"])
        take_notebook(started)
        take_site(started)

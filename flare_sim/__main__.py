"""``python -m flare_sim`` is the command ``flare-sim``."""

from __future__ import annotations

from flare_sim.cli import main

if __name__ == "__main__":
    main(prog_name="flare-sim")

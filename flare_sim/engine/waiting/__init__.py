"""Who waits on a server's clock, for what, and how long that is of use."""

from __future__ import annotations

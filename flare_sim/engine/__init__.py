"""How time moves jobs: the timeline, the scheduler, the clients, a server's state, and the runner that changes it."""

from __future__ import annotations

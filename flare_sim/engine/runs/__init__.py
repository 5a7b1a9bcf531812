"""The run of a job: deploying its apps, what it does, and how far it is."""

from __future__ import annotations

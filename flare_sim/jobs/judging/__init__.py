"""How the files of a job are judged, step by step, by the rules of the contract or of a release."""

from __future__ import annotations

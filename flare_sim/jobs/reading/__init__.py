"""Reads a job folder or zip file into memory, once, without ever hanging on it or writing to it."""

from __future__ import annotations

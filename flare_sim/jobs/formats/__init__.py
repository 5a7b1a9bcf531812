"""The texts a job's meta and configurations can be written in besides JSON; their parsers are loaded when one is read.

A reader takes a text and nothing else: it opens no other file and no address, and asks for no environment variable, so
that the same job reads the same everywhere.
"""

from __future__ import annotations

"""A payment service for trying things out: no part of the newsroom, but the world outside.

It keeps a book of its own, as a real service would, and only `providers/pretend.py` and its
own question page (`pretend/door.py`) talk to it.
"""

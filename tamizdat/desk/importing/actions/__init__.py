"""Carry an old site over: everything or nothing."""

from tamizdat.desk.importing.actions.wordpress import import_wordpress

__all__ = ["import_wordpress"]

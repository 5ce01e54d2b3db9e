"""Somebody's name is withdrawn: where it stands, and how it is taken out."""

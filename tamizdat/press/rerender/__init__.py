"""Stale pages, rendered again in the background while publishing goes on."""

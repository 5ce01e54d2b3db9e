"""Processes: how they start, stop, and end with each other."""

"""Measurements: each row a figure with its limit, made by the command that it names."""

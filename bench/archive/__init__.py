"""A seeded generator of archives: the same number and seed make the same articles."""

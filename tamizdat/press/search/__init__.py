"""Search from files alone: what stands in the index, and how it is cut into files."""

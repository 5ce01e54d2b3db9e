"""The file that WordPress exports, read one item at a time."""

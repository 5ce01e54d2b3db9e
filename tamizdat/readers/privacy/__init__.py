"""What becomes of every field about a reader, and what a seizure would reveal."""

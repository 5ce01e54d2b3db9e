"""A newsroom's desk and front as they run in production, and an editor who works there."""

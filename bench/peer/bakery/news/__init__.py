"""A front page and sections in each language, and their stories."""

"""The appeal: its words in each language, and what the counter is told of them."""

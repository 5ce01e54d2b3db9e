"""Read more: which articles are related, from what they say, people and age."""

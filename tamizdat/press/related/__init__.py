"""Read more: which articles are akin, from what they say, people and age."""

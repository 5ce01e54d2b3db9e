"""What pages are made of: what the desk shows, the lists, and what the edition links to."""

"""What the counter took in: collected once, each kind by its handler."""

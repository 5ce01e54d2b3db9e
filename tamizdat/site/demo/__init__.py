"""The demonstration newsroom: an invented country, outlet and people."""

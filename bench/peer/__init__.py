"""Peers: others' programs, set up to do what ours does, so that like is compared with like."""

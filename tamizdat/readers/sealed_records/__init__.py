"""Sealed records: what readers wish for, kept until the reader key is unlocked."""

"""Passwords of tests are hashed as everybody's, with the least work there can be."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickHasher(ScryptPasswordHasher):
    """Scrypt, for passwords that guard nothing."""

    work_factor = 2
    block_size = 1
    parallelism = 1

from django.contrib.auth.models import User
from django.db import models


class SignInState(models.Model):
    """What the desk remembers of how a colleague signs in; no secret is in it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    epoch = models.PositiveBigIntegerField(default=1)  # sessions of an earlier one are over
    fingerprint = models.CharField(max_length=64)
    wrong_codes = models.PositiveIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "sign-in state"

    def __str__(self) -> str:
        return f"epoch {self.epoch}"


class WrongGuesses(models.Model):
    """How many wrong guesses came in one session; no secret is in it, and no session's key."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=32, unique=True)
    wrong = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "wrong guesses of a session"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.wrong} wrong"

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

"""The books: what was given, and nothing about who gave it."""

from django.db import models

from tamizdat.support.till.states import NOT_SETTLED, STATES


class Contribution(models.Model):
    """One attempt to give, once or again and again. Its key is the idempotency key, too.

    It is written before the service is called. No name, address, network address or digit
    of a card is here, and no time finer than a month once it is settled.
    """

    key = models.CharField(primary_key=True, max_length=32)
    provider = models.CharField(max_length=20)
    ref = models.CharField(max_length=255, null=True)
    token_hash = models.CharField(max_length=64, db_index=True)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=5)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    version = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=12, blank=True)
    month = models.DateField()
    open_since = models.DateTimeField(null=True)
    to_stop = models.BooleanField(default=False)
    receipt_wished = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("provider", "ref", name="one_contribution_per_ref"),
            models.CheckConstraint(
                condition=models.Q(minor__gt=0), name="contribution_is_of_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["open_since"],
                name="contribution_not_settled",
                condition=models.Q(state__in=NOT_SETTLED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.interval} {self.minor} {self.currency}, {self.state}"


class Charge(models.Model):
    """Money that came. The service's ref makes it count once, however often we hear of it."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="charges")
    provider = models.CharField(max_length=20)
    ref = models.CharField(max_length=255)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    month = models.DateField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("provider", "ref", name="a_charge_counts_once")]

    def __str__(self) -> str:
        return f"{self.minor} {self.currency}, {self.month:%Y-%m}"


class Refusals(models.Model):
    """How many cards we did not take on a day, and why: all that is left of a refusal."""

    day = models.DateField()
    reason = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("day", "reason", name="one_count_per_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}: {self.count}"


class UnmatchedCharge(models.Model):
    """A contribution that the service knows and our books do not. It is kept for a human."""

    provider = models.CharField(max_length=20)
    ref = models.CharField(max_length=255)
    month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("provider", "ref", name="one_unmatched_charge_per_ref")
        ]

    def __str__(self) -> str:
        return f"unmatched at {self.provider}"


class Cursor(models.Model):
    """How far we have read a service's changes."""

    provider = models.CharField(primary_key=True, max_length=20)
    cursor = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return self.provider

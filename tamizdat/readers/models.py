"""What we know of readers: as little as letters can be sent with, and no address in the clear."""

import uuid

from django.db import models


class Wording(models.Model):
    """The words of consent of one language and version, kept so that a consent can be proven."""

    language = models.CharField(max_length=12)
    version = models.CharField(max_length=64)
    text = models.TextField()
    since = models.DateField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["language", "version"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class Pending(models.Model):
    """A sign-up that waits for its confirmation, at most 48 hours from when it was collected.

    The address is sealed to the reader key already. The copy that the errand key opens lies in
    the confirmation letter until that is handed over. The tag is known once somebody opened it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True)  # hash of the one in the letter
    sealed = models.BinaryField()
    tag = models.CharField(max_length=64, blank=True, db_index=True)
    newsletters = models.JSONField()
    language = models.CharField(max_length=12)
    consent_version = models.CharField(max_length=64)
    consent_sha256 = models.CharField(max_length=64)
    consent_day = models.DateField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"sign-up of {self.consent_day}"


class Reader(models.Model):
    """Somebody who has letters from us: an address sealed to the reader key, and a keyed hash.

    There is none without a subscription: whoever leaves the last one is forgotten.
    """

    sealed = models.BinaryField()
    tag = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Subscription(models.Model):
    """One newsletter of one reader, with the consent that it rests on."""

    class State(models.TextChoices):
        ACTIVE = "active"
        LEFT = "left"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.SlugField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    leave_token = models.CharField(max_length=64, unique=True)  # hash of the one in each letter
    consent_version = models.CharField(max_length=64)
    consent_sha256 = models.CharField(max_length=64)
    consent_day = models.DateField()
    confirmed_day = models.DateField()
    left_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "newsletter"], name="one_of_each_newsletter")
        ]
        indexes = [models.Index(fields=["newsletter", "language", "state"])]

    def __str__(self) -> str:
        return f"{self.newsletter} of {self.reader}"


class Collected(models.Model):
    """An envelope whose effect is committed, until it is gone from the counter.

    Two databases share no transaction. A crash between our commit and the envelope's deletion
    finds it here, and deletes it without doing its work twice.
    """

    envelope = models.UUIDField(primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"envelope of {self.day}"

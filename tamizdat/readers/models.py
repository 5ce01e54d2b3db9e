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


class UnattendedCopy(models.Model):
    """What the unattended key opens: a second seal of one record, for at most 48 hours.

    It goes as soon as it was used, and after 48 hours whatever happened. It has a table of its
    own, so that PostgreSQL can be made to forget the rows that were in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=32)  # name of the unattended key
    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)  # a full hour

    def __str__(self) -> str:
        return f"copy until {self.until:%Y-%m-%d}"


class SealedRecord(models.Model):
    """What waits for the reader key: a wish of somebody, sealed to it with all that it says.

    No column says what kind of wish it is, whose, or of when. `reply` is the hash of the token by
    which its owner answers a letter about it; it is in no other table. Whether the desk or a
    counter sealed it stands in no column either: the seal itself says it, once it is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField()
    copy = models.OneToOneField(
        UnattendedCopy, null=True, on_delete=models.SET_NULL, related_name="record"
    )
    reply = models.CharField(max_length=64, unique=True)
    again = models.BooleanField(default=False)  # its owner pressed the button in a letter
    older = models.BooleanField(default=False)  # of an older newsroom, until it is looked at

    def __str__(self) -> str:
        return "a sealed record"


class Pending(models.Model):
    """A sign-up that waits for its confirmation, 48 hours from its collection.

    Where nobody could be written to in time, they begin with the letter that goes out at the next
    unlock. One whose confirmation was taken in by then waits until that is collected. The address
    is sealed to the reader key; the copy that an unattended key opens belongs to the confirmation
    letter. `limit_tag` recognises the address among open sign-ups; its key is destroyed with the
    unattended key that it is named for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True)  # hash of the one in the letter
    sealed = models.BinaryField()
    limit_key = models.CharField(max_length=32, blank=True)
    limit_tag = models.CharField(max_length=64, blank=True, db_index=True)
    newsletters = models.JSONField()
    language = models.CharField(max_length=12)
    consent_version = models.CharField(max_length=64)
    consent_sha256 = models.CharField(max_length=64)
    consent_day = models.DateField()
    expires_at = models.DateTimeField(db_index=True)  # a full hour
    note = models.BinaryField(null=True)  # becomes a sealed record if nobody confirms

    def __str__(self) -> str:
        return f"sign-up of {self.consent_day}"


class Unanswered(models.Model):
    """How many letters went to a mailbox since its owner last pressed a button, if ever.

    There is no address: the tag is made with a key that exists only while the reader key is
    unlocked. It is forgotten when a button is pressed, and twelve months after the last letter.
    """

    tag = models.CharField(max_length=64, primary_key=True)
    letters = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(db_index=True)  # the first day of a month

    def __str__(self) -> str:
        return f"{self.letters} letters, until {self.until}"


class Reader(models.Model):
    """Somebody who has letters from us: an address sealed to the reader key, and a keyed hash.

    There is none without a subscription: whoever leaves the last one is forgotten. The hash is
    made with a key that exists only while the reader key is unlocked; until the first unlock
    after a confirmation there is none.
    """

    sealed = models.BinaryField()
    tag = models.CharField(max_length=64, unique=True, null=True)

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Subscription(models.Model):
    """One newsletter of one reader, with the consent that it rests on.

    `former_leave_token` is the hash by which letters from before `tamizdat resetkey` are left.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        LEFT = "left"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.SlugField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    leave_token = models.CharField(max_length=64, unique=True)  # hash of the one in each letter
    former_leave_token = models.CharField(max_length=64, blank=True, default="", db_index=True)
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


class FormerLeaveLink(models.Model):
    """The hash of a link in letters to a subscription that became one with an older one.

    A reader may be on record twice until an unlock. Letters that went out by then end the
    subscription that is left.
    """

    token = models.CharField(max_length=64, primary_key=True)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="former_links"
    )

    def __str__(self) -> str:
        return f"former link of {self.subscription}"


class FoundedKey(models.Model):
    """A key file as this newsroom was founded with it: its name, and a digest of the key."""

    name = models.CharField(max_length=32, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Collected(models.Model):
    """A submission whose effect is committed, until it is gone from the counter.

    Two databases share no transaction. A crash between our commit and the submission's deletion
    finds it here, and deletes it without doing its work twice.
    """

    envelope = models.UUIDField(primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"envelope of {self.day}"

"""Newsletters, their issues, and the outbox."""

from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


class Newsletter(ClusterableModel):
    """A newsletter that readers can subscribe to, in the languages that it has texts in."""

    code = models.SlugField(
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Small letters, digits and hyphens.")],
        help_text="Stands in addresses and never changes.",
    )
    weekday = models.PositiveSmallIntegerField(
        choices=WEEKDAYS, default=4, help_text="The day on which its issues go out."
    )
    offered = models.BooleanField(default=True, help_text="Readers can subscribe to it.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        text = self.texts.first()
        return text.name if text else self.code


class NewsletterText(models.Model):
    """A newsletter's words in one language."""

    newsletter = ParentalKey(Newsletter, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    about = models.TextField(max_length=400, help_text="What it is, in one or two sentences.")
    frequency = models.CharField(max_length=60, help_text="Such as “Every Friday”.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "language"], name="one_text_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Issue(models.Model):
    """One mailing of a newsletter in one language.

    `tested_digest` is the digest of the letter that was tested, `approved_digest` of the one that
    an editor approved; no other letter is approved, and no other sent. `subject` is what the editor
    typed. When sending begins the words are frozen: `letter_subject`, `text` and `html` are what
    every reader gets, with `leave_stand_in` where each reader's letter has the link by which they
    leave. `frozen` counts the letters made then.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        TESTED = "tested", "Tested"
        APPROVED = "approved", "Approved"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="issues")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    subject = models.CharField(max_length=120, blank=True)
    greeting = models.TextField(
        blank=True, help_text="Before the articles. An empty line ends a paragraph."
    )
    signoff = models.TextField(blank=True, help_text="After the articles.")
    since = models.DateTimeField()
    until = models.DateTimeField()
    day = models.DateField(null=True, blank=True)  # of sending, in the newsroom's time zone
    tested_digest = models.CharField(max_length=64, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    letter_subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    leave_stand_in = models.CharField(max_length=64, blank=True)  # shown to nobody
    frozen = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)  # by state, once the outbox forgot who got it

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "language", "day"], name="one_issue_a_day"
            ),
            models.UniqueConstraint(
                fields=["newsletter", "language"],
                condition=models.Q(state__in=["draft", "tested", "approved"]),
                name="one_issue_in_the_making",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.newsletter} ({self.language})"

    @property
    def carried(self) -> models.QuerySet["IssueItem"]:
        """The articles that go out with it, in its order."""
        return self.items.filter(included=True)


class IssueItem(models.Model):
    """An article in an issue, as a teaser or in full.

    One that is not `included` keeps the introduction that an editor wrote for it.
    """

    class Form(models.TextChoices):
        TEASER = "teaser", "Teaser"
        FULL = "full", "Full text"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    article = models.PositiveIntegerField()  # an id of desk.published, not a row of ours
    order = models.PositiveSmallIntegerField(default=0)
    included = models.BooleanField(default=True)
    form = models.CharField(max_length=8, choices=Form, default=Form.TEASER)
    intro = models.TextField(blank=True, help_text="In place of the standfirst.")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "article"], name="an_article_once_an_issue")
        ]

    def __str__(self) -> str:
        return f"article {self.article} in {self.issue}"


class Letter(models.Model):
    """One letter to one reader: a row in the outbox before it is anything else.

    What it is about makes it unique, so nothing is queued twice. A letter that answers somebody
    is one sealed record, address and words together: `sealed` to the reader key, and for 48 hours
    at most a `copy` that an unattended key opens. A confirmation's address is that of its sign-up.
    An issue's letter has only its subscription's key. Done with, a letter forgets all of this and
    keeps the day; one that answered somebody forgets what it was, too.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "waiting"
        TAKEN = "taken", "being handed over"
        LEAVING = "leaving", "being handed over"  # its end is sent: a crash leaves us in doubt
        HANDED_OVER = "handed", "handed over"
        DEFERRED = "deferred", "deferred"
        REFUSED = "refused", "refused"
        SUPPRESSED = "suppressed", "suppressed"
        IN_DOUBT = "doubt", "in doubt"

    kind = models.CharField(max_length=32)
    about = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    language = models.CharField(max_length=12)
    template = models.CharField(max_length=64, blank=True)
    context = models.JSONField(default=dict)  # of a trial: the issue's words, which are public
    sealed = models.BinaryField(null=True)
    copy = models.OneToOneField(
        "readers.UnattendedCopy", null=True, on_delete=models.SET_NULL, related_name="letter"
    )
    issue = models.ForeignKey(Issue, null=True, on_delete=models.CASCADE, related_name="letters")
    subscription = models.UUIDField(null=True, db_index=True)
    message_id = models.CharField(max_length=128, blank=True)  # from the first try to the last
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    doubts = models.PositiveSmallIntegerField(default=0)  # how often nobody could know
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=128, blank=True)  # a process, by a name of its own
    code = models.CharField(max_length=16, blank=True)  # the relay's; its words quote addresses

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "about"], name="one_letter_about_a_thing")
        ]
        indexes = [
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["issue", "state"]),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

"""What the press remembers: what changed, what it printed, and what that was made from."""

from django.db import models


class Change(models.Model):
    """Something that is to be printed again.

    Rows are only ever added and, when the edition that holds the change is out, deleted by id.
    So the same key may wait twice: a change that arrives while its forerunner is being printed
    must not go with it.

    A key names what changed ("article:12", "part:appeals") or, once planned, the work that
    follows from it ("job:front:en"). `background`: nobody at the desk is to wait for it.
    """

    key = models.CharField(max_length=400)
    background = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return self.key


class OutputFile(models.Model):
    """One file of the edition.

    It exists for links from the moment it is planned, and an edition that links to it
    always brings it. `sha256` is "" until it was printed once. `gone` says that the next
    edition removes it; one that is `retired` as well stays until no page waits to be rendered
    again.
    """

    path = models.CharField(max_length=400, unique=True)
    job = models.CharField(max_length=400, db_index=True)
    language = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # in bytes
    edition = models.PositiveIntegerField(default=0)  # that last wrote it
    modified = models.DateTimeField(null=True)  # what sitemaps say; None: they say nothing
    gone = models.BooleanField(default=False)
    retired = models.BooleanField(db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["language", "kind", "path"], name="press_outputfile_kind"),
            models.Index(
                fields=["id"], condition=models.Q(gone=True), name="press_outputfile_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class RerenderJob(models.Model):
    """A job whose files are only stale in their looks: rendered again in the background.

    Put while a plan holds the publisher's lock. A job that is put again gets a new row, so
    whoever printed it before finds that its own is no longer there.
    """

    job = models.CharField(max_length=400, unique=True)

    def __str__(self) -> str:
        return self.job


class FailedJob(models.Model):
    """A job that could not be printed: it holds up no other, and is tried again until it can be.

    Readers keep its files as they were printed last. What was never printed is not there, and no
    page links to it. `why` is a sentence of ours, or the kind and place of an error.
    """

    job = models.CharField(max_length=400, unique=True)
    why = models.CharField(max_length=400)

    def __str__(self) -> str:
        return self.job


class InvalidatedKey(models.Model):
    """A key that a plan followed while stale pages waited: what was rendered from it is void."""

    key = models.CharField(max_length=400)

    def __str__(self) -> str:
        return self.key


class RerenderRun(models.Model):
    """How far re-rendering is; there is one row, or none. For the desk's panel."""

    begun = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)  # jobs

    def __str__(self) -> str:
        return f"{self.done} since {self.begun}"


class Dependency(models.Model):
    """A job used this key when it was last printed; when the key changes, it is done again."""

    job = models.CharField(max_length=400)
    key = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="press_dependency_once")]
        indexes = [models.Index(fields=["key"], name="press_dependency_key")]

    def __str__(self) -> str:
        return f"{self.job} depends on {self.key}"


class ListEntry(models.Model):
    """One article's place in one list ("section:en:3").

    Pages are numbered from the oldest, and an article keeps its page, so publishing one more
    never shifts what stands on older pages.
    """

    list = models.CharField(max_length=60)
    article = models.PositiveBigIntegerField()
    published = models.DateTimeField()
    page = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "article"], name="press_listentry_once"),
        ]
        indexes = [
            models.Index(fields=["list", "published", "article"], name="press_listentry_order"),
            models.Index(fields=["list", "page"], name="press_listentry_page"),
            models.Index(fields=["article"], name="press_listentry_article"),
        ]

    def __str__(self) -> str:
        return f"{self.list} p. {self.page}: article {self.article}"


class Fingerprint(models.Model):
    """What something looked like when it was last used, to tell a change from a mere save."""

    key = models.CharField(max_length=200, unique=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class RelatedArticles(models.Model):
    """The articles that Read more shows under one, found by its text, people and age.

    Everything here can be made again from the desk's own rows. `ranked_ids` are the numbers of
    the nearest articles, best first, more than are shown; `score_threshold` is the score of the
    last shown one (see `related.similarity`). `stale`: the article changed, so it is ranked again
    before it is printed. `queued`: it is to be ranked again in the background.
    """

    article = models.PositiveBigIntegerField(primary_key=True)
    language = models.CharField(max_length=12)
    day = models.IntegerField()  # of its publication, as an ordinal
    content_hash = models.BigIntegerField()  # of all that this row was made from
    vector = models.BinaryField()
    ranked_ids = models.TextField(blank=True)
    score_threshold = models.FloatField(default=-1)
    stale = models.BooleanField(default=False)
    queued = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["language", "day", "article"], name="press_related_time"),
            models.Index(
                fields=["article"], condition=models.Q(stale=True), name="press_related_stale"
            ),
            models.Index(
                fields=["article"], condition=models.Q(queued=True), name="press_related_queued"
            ),
        ]

    def __str__(self) -> str:
        return f"article {self.article}"


class TermPrefix(models.Model):
    """The beginning of a word of a language, as a number, and the articles that have it.

    `article_count` are all of them. `postings` are those of which it is one of the most telling
    terms, the newest few hundred, the oldest first. The empty prefix stands in every article.
    """

    language = models.CharField(max_length=12)
    term = models.BigIntegerField()
    article_count = models.PositiveIntegerField()
    postings = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "term"], name="press_termprefix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.term}"


class Edition(models.Model):
    """One publication, for the front page, `/edition/` and the desk."""

    number = models.PositiveIntegerField(unique=True)
    published = models.DateTimeField()
    written = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

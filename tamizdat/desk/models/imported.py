from django.db import models


class ImportedItem(models.Model):
    """What became of something that stood on an old site, so that it is not carried twice.

    `target` names what it became as the press does: "article:12", "picture:6". `revision` is the
    page's newest one as the import left it: another one means that somebody worked on it since,
    and so does a page that is live now and was not then, or the other way round.
    """

    source = models.CharField(max_length=200)  # the old site: "wordpress:example.org"
    kind = models.CharField(max_length=40)  # "post", "attachment", "author", "category", …
    key = models.CharField(max_length=255)  # its name or number there
    target = models.CharField(max_length=60)
    old_address = models.TextField(blank=True)
    old_page = models.CharField(max_length=500, blank=True, db_index=True)  # without scheme and www
    fingerprint = models.CharField(max_length=64, blank=True)
    revision = models.BigIntegerField(null=True)
    was_live = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("source", "kind", "key"), name="imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.source}"

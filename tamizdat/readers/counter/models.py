"""The counter's two tables: what it takes in, and what the desk tells it."""

import uuid

from django.db import models


class Envelope(models.Model):
    """What the counter took in, until the desk collects it.

    The key is made here, so that a row can be inserted by who may not read. There is a day and
    no time: who seizes the counter should not learn when somebody sat at their keyboard. In
    SQLite a trigger (migration 0002) refuses a key that is there; make it again whenever a
    migration makes this table again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    day = models.DateField()
    payload = models.TextField()  # JSON; not a JSONField, whose check constraint reads the row

    def __str__(self) -> str:
        return f"{self.kind} of {self.day}"


class Published(models.Model):
    """What the desk publishes to the counter under a name. Only the desk writes it."""

    name = models.CharField(primary_key=True, max_length=32)
    text = models.TextField()  # JSON; not a JSONField, whose functions the counter may not call

    def __str__(self) -> str:
        return self.name

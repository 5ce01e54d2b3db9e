"""The counter's one table."""

import uuid

from django.db import models


class Envelope(models.Model):
    """What the counter took in, until the desk collects it.

    The key is made here, so that a row can be inserted by who may not read. There is a day and
    no time: who seizes the counter should not learn when somebody sat at their keyboard.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    day = models.DateField()
    payload = models.TextField()  # JSON; not a JSONField, whose check constraint reads the row

    def __str__(self) -> str:
        return f"{self.kind} of {self.day}"

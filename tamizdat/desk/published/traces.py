"""Looking for words in a database: rows in whose texts a name may stand; the caller looks closer.

PostgreSQL takes each text from the disk and folds it once for one expression, and once for each of
several: that is a minute instead of ten seconds. SQLite has no expressions, is faster the fewer
words it looks for, and breaks where a statement nests a thousand conditions.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from tamizdat.desk import spellings
from tamizdat.lib.batches import batches

AT_ONCE = 4  # traces of one query: each is up to two hundred conditions in a wide table
ROWS = 100  # that are read at a time
Word = spellings.Word
Trace = spellings.Trace


def holding(query: Any, names: Iterable[str], traces: Iterable[Trace]) -> Iterator[Any]:
    """Yield the rows in one of whose fields such a trace stands, capitals or not, each once.

    Args:
        query: The rows of one table.
        names: Of its fields, of whatever type.
        traces: What to look for, also where JSON escapes it.
    """
    fields = [query.model._meta.get_field(name) for name in names]  # noqa: SLF001  Django's documented name
    texts = {f"_as_text_{field.name}": Cast(field.name, TextField()) for field in fields}
    columns = {
        text: field.get_internal_type() == "JSONField"
        for text, field in zip(texts, fields, strict=True)
    }
    seen = set[Any]()
    for some in batches(traces, AT_ONCE):
        for row in query.alias(**texts).filter(asked(columns, some)).iterator(ROWS):
            if row.pk not in seen:
                seen.add(row.pk)
                yield row


def asked(columns: Mapping[str, bool], traces: Iterable[Trace]) -> Q:
    """Return the condition that one of these traces stands in one of these columns.

    Args:
        columns: By name whether they hold JSON.
        traces: What to look for.
    """
    listed = list(traces)
    return reduce(or_, (_in(column, json_, listed) for column, json_ in columns.items()), _NEVER)


_NEVER = Q(pk__in=())


def _in(column: str, json_: bool, traces: list[Trace]) -> Q:  # noqa: FBT001  a property of the column
    """Return the condition for one column: what is of one word is asked for together."""
    single = tuple(form for trace in traces if len(trace) == 1 for form in trace[0])
    several = (trace for trace in traces if len(trace) > 1)
    found = (reduce(and_, (_word(column, json_, word) for word in trace)) for trace in several)
    return reduce(or_, found, _word(column, json_, single))


def _word(column: str, json_: bool, word: Word) -> Q:  # noqa: FBT001  as above
    escaped = [form for one in word for form in _escaped(one)] if json_ else []
    every = dict.fromkeys((*word, *escaped))
    if connection.vendor == "postgresql" and every:
        return Q(**{f"{column}__iregex": "|".join(map(_literally, every))})
    return reduce(or_, (Q(**{f"{column}__icontains": form}) for form in every), _NEVER)


def _escaped(word: str) -> tuple[str, ...]:
    """Return a word as JSON keeps it, and as a string of JSON within JSON: revisions' blocks."""
    plain, once = (json.dumps(word, ensure_ascii=ascii_)[1:-1] for ascii_ in (False, True))
    return plain, once, json.dumps(once)[1:-1]


def _literally(word: str) -> str:
    """Return the expression of PostgreSQL that finds a word (its manual, 9.7.3)."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", word)

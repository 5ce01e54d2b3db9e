import json
from typing import Any

from wagtail.fields import StreamField

from tamizdat.lib.whole_letters import may_hold_halves, whole


class BodyField(StreamField):
    """The CMS's field for blocks, whose texts can always be written in UTF-8.

    Rich text arrives as JSON, in which half a sign can stand. It comes through here on each way
    in and out: the form, an import, a version, a row that an older version kept.
    """

    def deconstruct(self) -> Any:
        """Return the CMS's own field: to the database it is the same."""
        name, _path, arguments, named = super().deconstruct()
        return name, "wagtail.fields.StreamField", arguments, named

    def get_prep_value(self, value: Any) -> Any:
        return whole(super().get_prep_value(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if isinstance(value, str) and may_hold_halves(value):
            value = _whole(value)
        return super().from_db_value(value, expression, connection)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and may_hold_halves(value):
            value = _whole(value)
        return super().to_python(value)


def _whole(raw: str) -> str:
    """Return a text of JSON without halves of signs; another text as it is."""
    try:
        return json.dumps(whole(json.loads(raw)))
    except (ValueError, RecursionError):
        return raw

"""One line of the table of measurements: a figure, its limit, and whether it is met."""

from typing import Any

Row = dict[str, Any]


def row(
    name: str, value: float, unit: str, most: float | None = None, *, least: float | None = None
) -> Row:
    """Return the line of a figure that is met from `least` on or up to `most`, both included.

    Without a limit it is only told. Who runs the measurement adds its command and the machine.
    """
    met = None
    if most is not None or least is not None:
        met = (most is None or value <= most) and (least is None or value >= least)
    limit = most if least is None else least
    return {"name": name, "value": round(value, 3), "unit": unit, "limit": limit, "met": met}

"""Renew the tables in docs/why/endanger-nobody.md: `python -m tests.house.fates`."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/why/endanger-nobody.md"


def main() -> None:
    """Write what the privacy contract says into the document."""
    from tamizdat.site.boot import boot

    boot(ROOT / "tests/newsroom")
    from tamizdat.readers.privacy import fate_tables

    DOCUMENT.write_text(fate_tables.put_in(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

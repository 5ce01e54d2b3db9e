"""What lies where, as tables of Markdown: what docs/why/endanger-nobody.md shows."""

from tamizdat.readers.privacy import contract, seizure

BEGIN = "<!-- what lies where: made by `make fates` from the privacy contract -->"
END = "<!-- end of what lies where -->"


def put_in(document: str) -> str:
    """Return the document with today's tables between its two marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def tables() -> str:
    """Return the table of key files and the table of fields."""
    return "\n".join(
        [
            "| file in `keys/` | who has it | what it opens | how long |",
            "| --- | --- | --- | --- |",
            *(
                f"| `{each.pattern}` | {each.holder} | {each.opens} | {each.lasts} |"
                for each in contract.key_files()
            ),
            "",
            "| row | what is in it |",
            "| --- | --- |",
            *(f"| `{model}` | {said} |" for model, said in _models()),
            "",
        ]
    )


def _models() -> list[tuple[str, str]]:
    found = []
    for model, fates in sorted(contract.fates().items()):
        told = [seizure.words(f"`{name}`", fate) for name, fate in fates.items()]
        if worth := "; ".join(each for each in told if each):
            found.append((model, worth))
    return found

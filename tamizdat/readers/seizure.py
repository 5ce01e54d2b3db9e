"""What a seizure of each machine would reveal, as it is now. Written for `tamizdat doctor`."""

from collections.abc import Iterator

from tamizdat.lib import wake
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.models import Pending, Reader, Subscription


def report(newsroom: Newsroom) -> dict[str, list[str]]:
    """Return, for each machine, sentences about what its disk and memory would tell.

    It counts and looks; it opens nothing. Roles that share a machine reveal what each of them
    does, so a newsroom in one box reads all four.
    """
    return {
        "edition": ["What is published, which everybody may read. It keeps no log of readers."],
        "counter": list(_counter(newsroom)),
        "till": list(_till()),
        "desk": list(_desk(newsroom)),
    }


def _counter(newsroom: Newsroom) -> Iterator[str]:
    from tamizdat.readers.counter.models import Envelope

    waiting = Envelope.objects.count()
    yield f"{waiting} envelopes that wait to be collected: kinds, days, sealed addresses, hashes."
    yield "No address can be read with what is on it, and no secret is on it."
    private = [path.name for path in sorted(newsroom.keys.glob("*")) if path.suffix != ".public"]
    if private:
        yield (
            f"But in this installation it shares a machine with {', '.join(private)}; "
            "what the desk reveals is revealed with it."
        )


def _till() -> Iterator[str]:
    yield "The books: sums, days, references of the payment service. No name and no address."
    yield "Its key to the payment service, with which donors can be looked up there."


def _desk(newsroom: Newsroom) -> Iterator[str]:
    yield from _readers()
    yield from _reader_key(newsroom)
    pending = Pending.objects.count()
    yield (
        f"{pending} sign-ups collected in the last 48 hours wait for confirmation. The errand key "
        "lies beside them: addresses of letters not yet handed over can be opened with it."
    )
    letters = len(list((newsroom.data / "mailbox").glob("*.eml")))
    if letters:
        yield f"{letters} letters in the mailbox on screen, with their addresses in the clear."
    yield "Drafts, accounts of the staff and everything else that was ever written at the desk."


def _readers() -> Iterator[str]:
    readers = Reader.objects.count()
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE).count()
    yield (
        f"{readers} readers with {active} subscriptions: newsletter, language, day of consent; "
        "addresses sealed to the reader key."
    )
    yield (
        "With tags.key, which lies on the same disk: whether an address that somebody already "
        "suspects is among them."
    )


def _reader_key(newsroom: Newsroom) -> Iterator[str]:
    try:
        state = wake.ask(newsroom, "status")
    except wake.NobodyListensError:
        state = "locked"
    if state.startswith("unlocked"):
        until = state.removeprefix("unlocked ")
        yield f"The reader key is UNLOCKED in memory until {until}: all addresses can be read."
    else:
        yield "The reader key is locked. Without its passphrase no subscriber's address opens."

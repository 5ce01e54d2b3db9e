"""Jobs that could not be printed: they wait alone, somebody is told, and they are tried again.

A page may fail by itself: its text meets a fault of ours or of the theme, its name is too long for
the file system, a picture has lost its file. Then readers keep the page as it was printed last,
or it is not there and nothing links to it; everything else goes out. What is about more
than one page (a full disk, a lost database, no memory) is no such fault: the publication ends,
and all of it is repeated.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tamizdat.lib.alerts import Alert, clear, raise_alert, standing
from tamizdat.lib.batches import batches
from tamizdat.lib.failures import own_template
from tamizdat.press.content.bulk import AT_ONCE as ROWS
from tamizdat.press.content.failures import CAUSE
from tamizdat.press.models import FailedJob, OutputFile

FEW_PAGES = 3  # pages that a template of the newsroom's own may keep away before it is one alert
TOLD = 20  # alerts of single pages; more of them are only counted
AT_ONCE = 20  # jobs that are tried again while somebody waits
LONGEST_KEY = 60
ALERT = "print-"
MORE = f"{ALERT}more"
# What every page links to without looking whether it is there.
NEEDED = ("front:", "archive:", "edition:", "feeds:")
AGAIN = "It is tried again with each publication and every minute."
NAMES = {
    "article": "The page of article {}",
    "plain": "Plain page {}",
    "front": "The front page ({})",
    "part": "A page of the part “{}”",
}
TOO_LONG = "Its address is too long for the file system, or holds what no address may."
LOST_PICTURE = "A file of a picture that it shows is gone; upload that picture once more."


class NeededError(Exception):
    """What every page links to was never printed and cannot be: there is no edition without it."""

    def __init__(self, job: str, why: str) -> None:
        super().__init__(f"{named(job)} cannot be printed. {why}")


def all_failed() -> dict[str, str]:
    """Return the jobs that could not be printed so far, and why."""
    return dict(FailedJob.objects.order_by("pk").values_list("job", "why"))


def part_of(job: str) -> str:
    """Return the name of a part if this stands for all that it adds to pages ("part:letters:")."""
    kind, _, subject = job.partition(":")
    return subject[:-1] if kind == "part" and subject.endswith(":") else ""


def absent(jobs: Iterable[str]) -> set[str]:
    """Return those of these jobs of which readers have no output file."""
    wanted = {job for job in jobs if not part_of(job)}
    return wanted - _with_file(wanted, printed=True)


def incomplete(jobs: Iterable[str]) -> set[str]:
    """Return those of these jobs of which readers lack some file, or all."""
    wanted = set(jobs)
    return absent(wanted) | _with_file(wanted, printed=False)


def _with_file(jobs: Iterable[str], *, printed: bool) -> set[str]:
    found = set[str]()
    for some in batches(jobs, ROWS):
        rows = OutputFile.objects.filter(job__in=some, gone=False)
        rows = rows.exclude(sha256="") if printed else rows.filter(sha256="")
        found.update(rows.values_list("job", flat=True))
    return found


def note(failed: Mapping[str, str]) -> None:
    """Keep these jobs beside those that failed before."""
    known = set[str]()
    for some in batches(failed, ROWS):
        known.update(FailedJob.objects.filter(job__in=some).values_list("job", flat=True))
    new = (FailedJob(job=job, why=why) for job, why in failed.items() if job not in known)
    FailedJob.objects.bulk_create(new, batch_size=AT_ONCE)


def keep(failed: Mapping[str, str]) -> None:
    """Make these the jobs that could not be printed, and no others."""
    over = set(FailedJob.objects.values_list("job", flat=True)) - failed.keys()
    for some in batches(over, ROWS):
        FailedJob.objects.filter(job__in=some).delete()
    note(failed)


def tell(data: Path, at: datetime) -> None:
    """Raise an alert for each job that could not be printed, and clear those that are over.

    Where a template of the newsroom's own keeps many pages away there is one for them all.
    """
    failed = all_failed()
    by_template = _by_template(failed)
    together = {file: jobs for file, jobs in by_template.items() if len(jobs) > FEW_PAGES}
    of_many = {job for jobs in together.values() for job in jobs}
    others = {job: why for job, why in failed.items() if job not in of_many}
    shown = dict(list(others.items())[:TOLD])
    found = [_of_template(file, jobs, failed[jobs[0]]) for file, jobs in together.items()]
    found += _alerts(shown, absent(shown), len(others) - len(shown))
    wanted = {alert.key: alert for alert in found}
    for alert in wanted.values():
        raise_alert(data, alert, at)
    for stands in standing(data):
        if stands.key.startswith(ALERT) and stands.key not in wanted:
            clear(data, stands.key)


def of_page(number: int) -> list[Alert]:
    """Return what readers miss of one page of the desk, though it may not be among those told."""
    jobs = (f"article:{number}", f"plain:{number}")
    failed = dict(FailedJob.objects.filter(job__in=jobs).values_list("job", "why"))
    return list(_alerts(failed, absent(failed), more=0))


def _by_template(failed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the jobs that failed in each of the newsroom's own templates, by file and line."""
    found = defaultdict[str, list[str]](list)
    for job, why in failed.items():
        if template := own_template(why):
            found[template].append(job)
    return found


def _of_template(template: str, jobs: Sequence[str], why: str) -> Alert:
    what = f"The newsroom's own template {template}, keeps {len(jobs)} pages from being printed."
    first = ", ".join(named(job) for job in jobs[:FEW_PAGES])
    do = f"Mend it, or move it out of theme/: then ours is used. Such pages are: {first}. {AGAIN}"
    return _alert(_key(f"own-{template}"), what, why, do)


def _alert(key: str, what: str, said: str, do: str) -> Alert:
    """Return an alert with what a row says: a row holds one text, a sentence or a cause."""
    cause = said.removeprefix(CAUSE)
    if cause == said:
        return Alert(key, what, said, do)
    return Alert(key, what, do=do, cause=cause.removesuffix("."))


def _alerts(shown: Mapping[str, str], without: set[str], more: int) -> Iterator[Alert]:
    for job, why in shown.items():
        kept = "Readers do not have it." if job in without else "Readers keep it as it was."
        if part_of(job):
            kept = "Pages are printed without it."
        what = f"{named(job)} cannot be printed. {kept}"
        yield _alert(_key(job), what, why, _do(job, own_template(why)))
    if more > 0:
        what = f"{more} more pages cannot be printed."
        yield Alert(MORE, what, "The reasons may be the same.", f"Begin with the others. {AGAIN}")


def _key(job: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", job.lower()).strip("-")
    if len(plain) > LONGEST_KEY:
        plain = f"{plain[:LONGEST_KEY]}-{sha256(job.encode()).hexdigest()[:8]}"
    return ALERT + plain


def _do(job: str, template: str) -> str:
    if template:
        return (
            f"Nothing is wrong with the text: see {template}. Tell whoever looks after the "
            f"newsroom's look. {AGAIN}"
        )
    if job.startswith(("article:", "plain:")):
        number = job.partition(":")[2]
        return (
            f"Open it at the desk (pages/{number}/edit/), correct what is named here and publish "
            f"it again. {AGAIN}"
        )
    return f"If its text or template was changed lately, look there first. {AGAIN}"


def named(job: str) -> str:
    """Return how editors would call what a job prints."""
    kind, _, subject = job.partition(":")
    if part := part_of(job):
        return f"What “{part}” adds to pages"
    if kind == "list":
        of, language, number, *_ = subject.split(":")
        return f"The list of {of} {number} ({language})"
    if kind in NAMES:
        return NAMES[kind].format(subject.partition(":")[0])
    return f"The file “{job}” of the edition"

"""Jobs that could not be printed, tried again: by themselves, before an edition is planned.

So a page that still fails costs its own printing, and changes nothing in the edition.
"""

from collections.abc import Iterable, Mapping

from tamizdat.press.build.failed_jobs import LOST_PICTURE, TOO_LONG, part_of
from tamizdat.press.build.list_updates import JOB
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.output.tree import can_stand, longest_name
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import RenderContext, Rendered


def try_again(
    run: RenderContext, failed: Mapping[str, str], most: int | None
) -> tuple[dict[str, str], set[str]]:
    """Try some jobs again.

    Args:
        run: What they are printed with; discard it afterwards.
        failed: All jobs that could not be printed, and why.
        most: At most so many are tried; which ones changes with the minute.

    Returns:
        The jobs that count as failed still, and the keys that follow from the others.
    """
    still, keys = dict(failed), set[str]()
    for job in _some(list(failed), most, int(run.at.timestamp() // 60)):
        why = _trial(run, job)
        if why:
            still[job] = why
            continue
        del still[job]
        keys |= follow(job)
    return still, keys


def follow(job: str) -> set[str]:
    """Return the keys to follow when a job can be printed again, or can no longer."""
    if part := part_of(job):
        return {f"part:{part}"}
    if kinds.name_of(job) not in kinds.KINDS:
        return set()  # of another version of the program
    keys = {JOB + job}
    if kinds.name_of(job) == "article":
        keys |= {job, f"card:{kinds.subject_of(job)}"}
    if kinds.name_of(job) == "plain":
        keys.add(job)
    return keys


def _some(jobs: list[str], most: int | None, turn: int) -> Iterable[str]:
    if most is None or len(jobs) <= most:
        return jobs
    start = turn * most % len(jobs)
    return (jobs + jobs)[start : start + most]


def _trial(run: RenderContext, job: str) -> str:
    """Return why a job fails now, "" if it does not or if there is nothing to print."""
    if part_of(job) or kinds.name_of(job) not in kinds.KINDS:
        return ""
    kind, subject = kinds.kind_of(job), kinds.subject_of(job)
    try:
        found = kind.addresses(run.repository, subject)
        longest = longest_name(run.newsroom.edition)
        if not all(can_stand(at.path, longest) for at in found):
            return TOO_LONG
        if not found:
            return ""
        kind.prepare(run, [subject])
        printed = kind.make(run, subject)
    except Exception as error:
        if not is_its_own(error):
            raise
        return cause(error)
    return LOST_PICTURE if printed and _lacks_a_picture(printed) else ""


def _lacks_a_picture(printed: Rendered) -> bool:
    sizes = (size for picture in printed.pictures.values() for size in picture.renditions)
    return not all(size.file.is_file() for size in sizes)

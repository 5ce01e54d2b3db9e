"""Where a job's files stand in the edition that is planned."""

from collections.abc import Mapping

from tamizdat.press.build.failed_jobs import TOO_LONG
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import OutputFile
from tamizdat.press.output.tree import can_stand, longest_name
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import OutputPath


def output_paths(
    repository: Repository, job: str, was: Mapping[str, OutputFile], failed: dict[str, str]
) -> dict[str, OutputPath]:
    """Return where a job's files stand now, by path; of one that fails, those that readers have.

    Args:
        repository: What the desk shows now.
        job: Whose.
        was: Its files so far, by path.
        failed: Jobs that fail, and why; this one is put to them where it does.
    """
    try:
        found = kinds.kind_of(job).addresses(repository, kinds.subject_of(job))
    except Exception as error:
        if not is_its_own(error):
            raise
        failed.setdefault(job, cause(error))
    else:
        longest = longest_name(repository.newsroom.edition)
        if not found or (job not in failed and all(can_stand(at.path, longest) for at in found)):
            return {at.path: at for at in found}
        failed.setdefault(job, TOO_LONG)
    printed = (file for file in was.values() if file.sha256)
    return {file.path: OutputPath(file.path, file.language, file.kind) for file in printed}

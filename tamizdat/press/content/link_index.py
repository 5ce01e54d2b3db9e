"""What is in the edition that is being made: the only ground on which a page may link.

A file is known from the moment it is planned until it is planned to go, so pages printed for an
edition agree on what that edition holds, whatever editors publish meanwhile.
"""

from collections.abc import Iterable

from tamizdat.press.models import OutputFile

IN_ONE_QUERY = 500
KEPT = 30_000  # answers, some 8 MB; a run through a larger archive begins again with none


class LinkIndex:
    """Answers, remembered for one run: make a new one after each plan."""

    def __init__(self) -> None:
        self._paths: dict[str, bool] = {}
        self._jobs: dict[str, str] = {}

    def has(self, path: str) -> bool:
        """Say whether the edition has a file at this path."""
        if path not in self._paths:
            self._paths[path] = OutputFile.objects.filter(path=path, gone=False).exists()
        return self._paths[path]

    def look_for(self, paths: Iterable[str]) -> None:
        """Ask for many paths at once, so that `has` need not ask one by one."""
        wanted = list(dict.fromkeys(paths))
        asked = [path for path in wanted if path not in self._paths]
        if asked and len(self._paths) > KEPT:
            self._paths.clear()
            asked = wanted
        for start in range(0, len(asked), IN_ONE_QUERY):
            some = asked[start : start + IN_ONE_QUERY]
            found = OutputFile.objects.filter(path__in=some, gone=False)
            self._paths.update(dict.fromkeys(some, False))
            self._paths.update(dict.fromkeys(found.values_list("path", flat=True), True))

    def path_of(self, job: str) -> str:
        """Return where a job's one page stands ("article:12"), "" if it is not there."""
        if job not in self._jobs:
            self.look_up([job])
        return self._jobs[job]

    def look_up(self, jobs: Iterable[str]) -> None:
        """Ask for many jobs at once, so that `path_of` need not ask one by one."""
        wanted = list(dict.fromkeys(jobs))
        asked = [job for job in wanted if job not in self._jobs]
        if asked and len(self._jobs) > KEPT:
            self._jobs.clear()
            asked = wanted
        for start in range(0, len(asked), IN_ONE_QUERY):
            some = asked[start : start + IN_ONE_QUERY]
            found = OutputFile.objects.filter(job__in=some, gone=False).values_list("job", "path")
            self._jobs.update(dict.fromkeys(some, ""), **dict(found))

"""What no reader waits for: done when the edition is out, and before the editor gets her answer.

The CMS hands us tasks as it saves: what refers to what, and the words of the desk's search. Saving
an article with three bylines makes a dozen, most of them twice. Done where they arise, they would
stand between an editor's "Publish" and the edition. Outside of a request they are done at once.

A process that is killed in between leaves an article badly indexed until it is saved again;
`update_index` and `rebuild_references_index` mend that. So what withdraws a name does its own
indexing `at_once`, and files are deleted where that is asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult

LATER = frozenset(
    {"wagtail.tasks.update_reference_index_task", "modelsearch.tasks.insert_or_update_object_task"}
)
_waiting: ContextVar[dict[str, Callable[[], None]] | None] = ContextVar("waiting", default=None)


class Afterwards:
    """Do what a request left to be done afterwards, each task once, even if the request failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        waiting: dict[str, Callable[[], None]] = {}
        token = _waiting.set(waiting)
        try:
            return self.get_response(request)
        finally:
            _waiting.reset(token)
            for do in waiting.values():
                do()


@contextmanager
def at_once() -> Iterator[None]:
    """Leave nothing for afterwards: what is done here is whole, or is not done."""
    token = _waiting.set(None)
    try:
        yield
    finally:
        _waiting.reset(token)


class Tasks(ImmediateBackend):
    """Does tasks in the process that asks for them, after its request where there is one.

    A task that fails is logged by its library, and keeps neither others nor the request from going
    on. Its arguments name rows, so the last of several that are alike finds what the first would.
    """

    def _execute_task(self, task_result: TaskResult[object]) -> None:
        waiting = _waiting.get()
        if waiting is None or task_result.task.module_path not in LATER:
            super()._execute_task(task_result)
            return
        of = repr((task_result.task.module_path, task_result.args, task_result.kwargs))
        waiting[of] = lambda: super(Tasks, self)._execute_task(task_result)

"""Stories told by a process that may be killed in the middle of one, and by the next after it.

One process starts Django and forks a child for each line on stdin: the name of a story and its
arguments in JSON. It answers with how the child ended: "done", or "killed" by itself.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Teller:
    """The process that forks those who tell."""

    def __init__(self, module, folder, **environment):
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder)], cwd=ROOT, env=os.environ | environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, *story):
        """Have a story told, and say whether whoever told it was killed."""
        self._process.stdin.write(json.dumps(story) + "\n")
        self._process.stdin.flush()
        ended = self._process.stdout.readline().strip()
        if ended not in ("done", "killed"):
            raise RuntimeError(f"{story}: {ended}")
        return ended == "killed"

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def tell_all(folder, stories, role="desk"):
    """Be that process: tell what stdin names until it ends."""
    from tamizdat.site.boot import boot

    newsroom = boot(folder, role)
    from django.db import connections

    for line in sys.stdin:
        story, *arguments = json.loads(line)
        connections.close_all()
        ended = _in_child(lambda story=story, given=arguments: stories[story](newsroom, *given))
        sys.stdout.write(
            {0: "done", -signal.SIGKILL: "killed"}.get(ended, f"failed {ended}") + "\n"
        )
        sys.stdout.flush()


def _in_child(work):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


class Trap:
    """Kills this process when it passes a point for the so manieth time."""

    def __init__(self, point, passage=1):
        self._point, self._left = point, passage

    def before(self, owner, name, point):
        """Make the beginning of a function a point."""
        real = getattr(owner, name)

        def trapped(*given, **named):
            self.pass_(point)
            return real(*given, **named)

        setattr(owner, name, trapped)

    def after(self, owner, name, point):
        """Make the end of a function a point."""
        real = getattr(owner, name)

        def trapped(*given, **named):
            result = real(*given, **named)
            self.pass_(point)
            return result

        setattr(owner, name, trapped)

    def pass_(self, point):
        """Pass a point: die if it is ours, and often enough passed."""
        if point != self._point:
            return
        self._left -= 1
        if not self._left:
            self.last_words(point)
            os.kill(os.getpid(), signal.SIGKILL)

    def last_words(self, point):
        """Note what only this process knows."""

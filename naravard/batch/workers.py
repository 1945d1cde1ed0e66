"""Run functions, each in a fresh process that is forked from a warm one.

Python's fork server imports `naravard.site.preload` once; every task is then a fork of it: a
process of its own that begins with the heavy libraries imported and ends with its task. What a task
does to its process dies with it. Where there is no safe fork (see `WARM`), each task gets a process
that starts anew.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from multiprocessing.connection import wait

#: Forking a process that has imported numerical libraries is safe on Linux.
WARM = sys.platform == "linux"
PRELOAD = "naravard.site.preload"
#: One thread a task, and no thread in the parent: forks of a process with threads can hang.
QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
_MEGABYTE = 2**20
#: Starting a process changes this one's environment for a moment: one thread at a time.
_starting = threading.Lock()


@dataclass(frozen=True)
class Task:
    """A function to call in a process of its own; it and its arguments must be picklable."""

    key: object  # this and the note are the caller's, to know the task again
    function: Callable
    arguments: tuple = ()
    note: str = ""


@dataclass(frozen=True)
class Ended:
    """How a task ended: with what its function returned, or with an error of one line."""

    value: object = None
    error: str = ""
    details: str = ""  # the traceback, if there is one
    peak: float = 0.0  # most memory that the process held, in megabytes; 0 if unknown
    seconds: float = 0.0  # from start to end


@contextlib.contextmanager
def _allowed_to_start():
    """Let this process start one that begins `QUIET`, also if it is daemonic as dask's workers are.

    The rule against daemons that do is there because nobody would end the child; `_end_with` does.
    """
    before, own = dict(os.environ), multiprocessing.current_process()._config
    daemon = own.get("daemon")
    own["daemon"] = False
    os.environ.update({**QUIET, **before})
    try:
        yield
    finally:
        own["daemon"] = daemon
        os.environ.clear()
        os.environ.update(before)


def context():
    """Return the multiprocessing context in which tasks start."""
    if not WARM:
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([PRELOAD])
    return found


def _end_with(parent) -> None:
    """End this process and its children when the one that started the batch is gone."""
    wait([parent.sentinel])
    os.killpg(0, signal.SIGKILL)


def _limit_memory(megabytes: float) -> None:
    import resource  # not on Windows

    with open("/proc/self/statm") as file:
        held = int(file.read().split()[0]) * resource.getpagesize()
    most = held + int(megabytes * _MEGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MEGABYTE


def _serve(sender, task: Task, environment: dict, folder: str, memory: float | None) -> None:
    """Call a task's function in this process and send what came of it."""
    if hasattr(os, "setsid"):
        os.setsid()  # with a group of its own, it can be ended with all its children
        parent = multiprocessing.parent_process()
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        if memory is not None:
            _limit_memory(memory)
        ended = Ended(task.function(*task.arguments))
    except MemoryError:
        ended = Ended(error=f"more memory than {memory:g} MB was needed")
    except BaseException as error:
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        ended = Ended(error=line, details=traceback.format_exc())
    sender.send(replace(ended, peak=_peak()))
    sender.close()


class Forked:
    """A task to be under way in a process of its own, once it is started.

    It may take ``timeout`` seconds, and ``memory`` megabytes beside what the warm parent holds
    (Linux only).
    """

    def __init__(self, task: Task, timeout: float | None = None, memory: float | None = None):
        starter = context()
        self.task, self._timeout = task, timeout or float("inf")
        self.deadline = self._began = float("inf")
        self.receiver, self._sender = starter.Pipe(duplex=False)
        environment = {**QUIET, **os.environ}
        self._process = starter.Process(
            target=_serve, args=(self._sender, task, environment, os.getcwd(), memory)
        )

    def start(self) -> Forked:
        """Start it; whoever does must be ready to `kill` it already."""
        self._began = time.monotonic()
        self.deadline = self._began + self._timeout
        with _starting, _allowed_to_start():
            self._process.start()
        self._sender.close()
        return self

    def collect(self) -> Ended:
        """Wait for what the task sends, or say why it sends nothing."""
        try:
            ended = self.receiver.recv()
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            how = f"the process ended by itself with exit code {code}"
            if code is not None and code < 0:
                how = f"the process was killed ({signal.Signals(-code).name}; out of memory?)"
            ended = Ended(error=how)
        self.kill()
        return replace(ended, seconds=time.monotonic() - self._began)

    def kill(self) -> None:
        """End the process and whatever it started; nothing if it was not started."""
        self._sender.close()
        self.receiver.close()
        process = self._process
        if process.pid is None:
            return
        if hasattr(os, "killpg"):
            # Until it has a group of its own it is in its parent's, which must live.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getpgid(process.pid) == process.pid:
                    os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.join(5)


def run(
    tasks: Iterable[Task],
    slots: int,
    on_end: Callable[[Task, Ended], None],
    timeout: float | None = None,
    memory: float | None = None,
) -> None:
    """Run tasks, each in a fresh process, so many at once.

    ``on_end`` is called in this process with each task and how it ended, as they end. Ctrl-C, and
    whatever ``on_end`` raises, ends all processes first.
    """
    waiting = deque(tasks)
    under_way: dict[object, Forked] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < slots:
                forked = Forked(waiting.popleft(), timeout, memory)
                # Before it starts: a Ctrl-C in between must find it, or nobody would end it.
                under_way[forked.receiver] = forked
                forked.start()
            soonest = min(forked.deadline for forked in under_way.values()) - time.monotonic()
            patience = None if soonest == float("inf") else max(0.0, soonest)
            for receiver in wait(list(under_way), patience):
                forked = under_way.pop(receiver)
                on_end(forked.task, forked.collect())
            for receiver, forked in list(under_way.items()):
                if time.monotonic() >= forked.deadline:
                    del under_way[receiver]
                    forked.kill()
                    on_end(forked.task, Ended(error=f"it took longer than {timeout:g} seconds"))
    finally:
        for forked in under_way.values():
            forked.kill()


def in_collection(root: str, function: Callable, *arguments):
    """Call a task's function with a collection's root folder.

    The environment is the way to tell it: a fork server keeps the one that it started with, a
    dask worker that of its own machine's start, and notebooks' kernels inherit their parent's.
    """
    os.environ["NARAVARD_ROOT"] = root
    return function(*arguments)

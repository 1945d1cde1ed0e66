"""Run a notebook's cells in this very process, with everything else as papermill does it.

An IPython kernel is made here, but no socket: its messages are kept in a list, and nbclient reads
them from there as it would from a kernel's channels. Magics, displays, streams, errors and widgets
are therefore handled by the same code, IPython's on one side and nbclient's on the other.
"""

from __future__ import annotations

import io
import json
import logging
import os
import random
import sys
import tempfile
import threading
from collections import deque
from functools import partial
from queue import Empty
from types import SimpleNamespace

from ipykernel import debugger, eventloops
from ipykernel.ipkernel import IPythonKernel
from IPython.core.history import HistoryManager
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient


class _Messages(Session):
    """A session that keeps messages instead of sending them."""

    def __init__(self, **traits):
        super().__init__(**traits)
        self.published: deque[dict] = deque()
        self.replies: deque[dict] = deque()

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None,
             track=False, header=None, metadata=None):  # fmt: skip
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        # Through JSON and back, as over a wire.
        plain = json.loads(json.dumps(message["content"], default=json_default))
        queue = self.replies if message["msg_type"].endswith("_reply") else self.published
        queue.append({**message, "content": plain, "buffers": buffers or []})
        return message


class _Stream(io.TextIOBase):
    """A standard stream whose text becomes messages of the kernel.

    What subprocesses and libraries write to the file descriptor itself is gathered in a temporary
    file and follows when a cell ends.
    """

    encoding = "utf-8"

    def __init__(self, name: str, descriptor: int, kernel: IPythonKernel):
        self._name, self._kernel = name, kernel
        self._text: list[str] = []
        self._stray = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(self._stray.fileno(), descriptor)
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._text.append(text)
        return len(text)

    def _send(self, text: str) -> None:
        if text:
            content = {"name": self._name, "text": text}
            self._kernel.session.send(None, "stream", content, parent=self._kernel.get_parent())

    def flush(self) -> None:
        text, self._text = "".join(self._text), []
        self._send(text)

    def end_of_cell(self) -> None:
        """Send what is left, and what went past Python."""
        self.flush()
        self._stray.seek(0)
        self._send(self._stray.read().decode("utf-8", "replace"))
        self._stray.seek(0)
        self._stray.truncate()


class _Channel:
    def __init__(self, queue: deque, kernel: IPythonKernel):
        self._queue, self._kernel = queue, kernel

    async def get_msg(self, timeout=None):
        if not self._queue:
            raise Empty
        return self._queue.popleft()

    def send(self, message: dict) -> None:
        """Hand a widget's message to the kernel; no cell runs while nbclient sends one."""
        self._kernel.shell_handlers[message["msg_type"]](None, [], message)


class _KernelClient:
    """What nbclient asks of a kernel's client."""

    def __init__(self, kernel: IPythonKernel):
        self.kernel, self.session = kernel, kernel.session
        self.iopub_channel = _Channel(self.session.published, kernel)
        self.shell_channel = _Channel(self.session.replies, kernel)

    async def execute(self, code: str, store_history=True, stop_on_error=True) -> str:
        """Run a cell to its end; its messages then wait in the channels."""
        request = self.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": stop_on_error,
            },
        )
        self.kernel.set_parent([], request)
        await self.kernel.execute_request(None, [], request)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _Stream):
                stream.end_of_cell()
        self.session.send(None, "status", {"execution_state": "idle"}, parent=request)
        return request["header"]["msg_id"]


class _Kernel(IPythonKernel):
    _execute_sleep = 0.0  # nobody needs time to receive messages

    def _abort_queues(self, *_):
        """Nothing waits in queues here: nbclient asks for one cell after the other."""


def make_kernel() -> IPythonKernel:
    """Make the kernel of this process; there can be one, for one notebook."""
    HistoryManager.enabled = False  # no database: nobody comes back to this session
    debugger._is_debugpy_available = False  # nor debugs it
    here = SimpleNamespace(parent_thread=threading.current_thread())
    kernel = _Kernel.instance(
        session=_Messages(),
        iopub_socket=SimpleNamespace(),  # never used, but asked for
        shell_channel_thread=here,
        log=logging.getLogger("naravard.kernel"),
    )
    # The shell would look for its kernel in an application, which is not there.
    kernel.shell.enable_gui = partial(eventloops.enable_gui, kernel=kernel)
    return kernel


def _begin_anew() -> None:
    """Take away what this process has from its parent and a new kernel would not have."""
    sys.argv[:] = ["ipykernel_launcher.py"]
    sys.path[:] = [path for path in sys.path if path]
    packages = [n for n, path in enumerate(sys.path) if path.endswith("-packages")]
    sys.path.insert(packages[0] if packages else 0, "")  # where IPython puts it
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]


def _redirect(kernel: IPythonKernel) -> None:
    """Let the kernel have what is written to the standard streams of this process."""
    sys.stdout.flush()
    sys.stderr.flush()
    sys.stdout, sys.stderr = _Stream("stdout", 1, kernel), _Stream("stderr", 2, kernel)


class InProcessClient(PapermillNotebookClient):
    """papermill's client for a kernel in this process.

    To be used in a process of its own, once: the kernel, its namespace and the standard streams
    stay as the notebook leaves them.
    """

    def execute(self, **_):
        """Run the notebook's cells; see `papermill.clientwrap.PapermillNotebookClient.execute`."""
        self.reset_execution_trackers()
        _begin_anew()
        kernel = make_kernel()
        _redirect(kernel)
        self.kc = _KernelClient(kernel)
        self.km = SimpleNamespace(is_alive=lambda: True)
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(kernel.language_info)
        self.set_widgets_metadata()
        return self.nb

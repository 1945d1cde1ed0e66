"""The papermill engine ``naravard``: a fresh process a notebook, forked from a warm one.

``papermill --engine naravard in.ipynb out.ipynb`` uses it, and so does the batch. An ipykernel runs
the cells, nbclient turns its messages into outputs, and papermill does the rest, as elsewhere; but
the kernel has no process and no socket of its own: messages wait in two queues until nbclient reads
them.
Notebooks in other languages, kernels of other environments and systems without a safe fork go to
papermill's standard engine, and the log says so.
"""

from __future__ import annotations

import io
import json
import logging
import os
import random
import sys
import tempfile
from collections import deque
from functools import cache, partial, partialmethod
from pathlib import Path
from types import SimpleNamespace

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from naravard.batch import workers


class ThisProcess:
    """What this process is to a notebook.

    A job sets ``own`` (the process is there for one notebook, which may use it up) and reads
    ``used`` (a notebook ran in it). Papermill stands between the two and would carry neither.
    """

    own = False
    used = False


@cache
def another_python(kernel_name: str) -> str:
    """Say why a kernel is not this Python; empty if it is."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return f"there is no kernel '{kernel_name}' here"
    program, here = Path(spec.argv[0]), Path(sys.executable)
    own = spec.argv[0] in ("python", "python3") or program.resolve() == here.resolve()
    if spec.language != "python" or not own or "ipykernel_launcher" not in spec.argv:
        return f"the kernel '{kernel_name}' is not this Python"
    return ""


def unsuitable(nb, kernel_name: str) -> str:
    """Say why a notebook cannot run in a fork of this Python; empty if it can."""
    if not workers.WARM:
        return f"processes cannot be forked safely on {sys.platform}"
    language = nb.metadata.get("kernelspec", {}).get("language", "python")
    return f"its language is {language}" if language != "python" else another_python(kernel_name)


class _Messages(Session):
    """A session that keeps messages for nbclient instead of sending them."""

    def __init__(self):
        super().__init__()
        self.published, self.replies = deque(), deque()

    def send(self, stream, message, content=None, parent=None, ident=None, buffers=None, **more):
        if not isinstance(message, dict):
            message = self.msg(message, content, parent, **more)
        # Through JSON and back, as over a wire: outputs must not share objects with the notebook.
        plain = json.loads(json.dumps(message["content"], default=json_default))
        queue = self.replies if message["msg_type"].endswith("_reply") else self.published
        queue.append({**message, "content": plain, "buffers": buffers or []})
        return message


class _Stream(io.StringIO):
    """A standard stream whose text becomes messages.

    What subprocesses and libraries write to the file descriptor itself goes to a temporary file
    and follows when a cell ends.
    """

    encoding = "utf-8"

    def __init__(self, name: str, descriptor: int, send):
        super().__init__()
        self._name, self._descriptor, self._send = name, descriptor, send
        self._past_python = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(self._past_python.fileno(), descriptor)

    def fileno(self) -> int:
        return self._descriptor

    def flush(self) -> None:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        if text:
            self._send("stream", {"name": self._name, "text": text})

    def end_of_cell(self) -> None:
        self._past_python.seek(0)
        self.write(self._past_python.read().decode("utf-8", "replace"))
        self._past_python.seek(0)
        self._past_python.truncate()
        self.flush()


class _Kernel:
    """An ipykernel in this process, under the names by which nbclient asks its client."""

    def __init__(self):
        # Heavy, and papermill imports this module whenever it is imported itself.
        from ipykernel.eventloops import enable_gui
        from ipykernel.ipkernel import IPythonKernel
        from IPython.core.history import HistoryManager

        HistoryManager.enabled = False  # no database: nobody comes back to this session
        self.session, self._request = _Messages(), {}
        quiet = logging.Logger("kernel", logging.CRITICAL)  # cells show their errors themselves
        kernel = self._kernel = IPythonKernel.instance(session=self.session, log=quiet)
        # It asks in which thread it runs, to catch an interrupt, which ends this process instead.
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
        # The shell would look for its kernel in an application, which is not there, and the kernel
        # for its loop: no window system runs here.
        kernel.shell.enable_gui = partial(enable_gui, kernel=SimpleNamespace(eventloop=None))
        self.language_info = kernel.language_info
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        self.streams = _Stream("stdout", 1, self._publish), _Stream("stderr", 2, self._publish)
        sys.stdout, sys.stderr = self.streams
        # Neither queue is empty when nbclient asks: it stops at the cell's reply and last status.
        published, replies = self.session.published, self.session.replies
        self.iopub_channel = SimpleNamespace(get_msg=lambda timeout: published.popleft())
        self.shell_channel = SimpleNamespace(
            get_msg=lambda timeout: replies.popleft(), send=self._hear
        )

    def _publish(self, kind: str, content: dict) -> None:
        self.session.send(None, kind, content, parent=self._request)

    def _hear(self, message: dict) -> None:
        """Take what nbclient answers a widget; no cell runs while it does."""
        getattr(self._kernel.comm_manager, message["msg_type"])(None, None, message)

    async def execute(self, code: str, store_history=True, stop_on_error=True) -> str:
        """Run a cell to its end; its messages then wait in the channels."""
        kernel = self._kernel
        self._request = self.session.msg("execute_request", {"code": code})
        kernel.set_parent([], self._request)
        self._publish("status", {"execution_state": "busy"})
        count = kernel.shell.execution_count
        self._publish("execute_input", {"code": code, "execution_count": count})
        reply = await kernel.do_execute(code, silent=False, store_history=store_history)
        for stream in self.streams:
            stream.end_of_cell()
        self._publish("execute_reply", reply)
        self._publish("status", {"execution_state": "idle"})
        return self._request["header"]["msg_id"]


def _begin_anew() -> None:
    """Take away what this process has from its parent and a new kernel would not have."""
    sys.argv[:] = ["ipykernel_launcher.py"]
    sys.path[:] = [path for path in sys.path if path]
    packages = [n for n, path in enumerate(sys.path) if path.endswith("-packages")]
    sys.path.insert(packages[0] if packages else 0, "")  # where IPython puts it
    # Forks of one parent begin with its random state.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]


class _InProcessClient(PapermillNotebookClient):
    """papermill's client for IPython in this process, which is used up by it."""

    def execute(self, **_):
        self.reset_execution_trackers()
        _begin_anew()
        self.kc = _Kernel()
        self.km = SimpleNamespace(is_alive=lambda: True)
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(self.kc.language_info)
        self.set_widgets_metadata()
        return self.nb


def _in_this_process(nb_man, **options):
    warm = sys.modules.get(workers.PRELOAD)
    if warm is not None and not warm.FORK_IS_SAFE:
        logger.warning("a new kernel runs this notebook: the warm parent had several threads")
        return PapermillNotebookClient(nb_man, **options).execute()
    ThisProcess.used = True
    return _InProcessClient(nb_man, **options).execute()


class _Relay:
    """In a forked process: tell the one that asked how far the notebook has come."""

    def __init__(self, nb, sender):
        self.nb, self._sender = nb, sender

    def _tell(self, event: str, cell, cell_index=None, **_):
        self._sender.send((event, cell_index, cell))

    cell_start = partialmethod(_tell, "cell_start")
    cell_exception = partialmethod(_tell, "cell_exception")
    cell_complete = partialmethod(_tell, "cell_complete")

    def autosave_cell(self):
        pass


def _relayed(sender, nb, options: dict):
    """Run a notebook in this process and return it.

    A cell's outputs may have changed after it ended: a later one updates a display by its id.
    """
    _in_this_process(_Relay(nb, sender), **options)
    sender.close()
    return nb


class NaravardEngine(NBClientEngine):
    """Run each notebook in a fresh process that has the heavy libraries imported already."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, log_output=False, execution_timeout=None, **kwargs
    ):
        """Run a notebook; parameters as of papermill's standard engine.

        Raises nbclient's `DeadKernelError` if the process is killed or ends by itself, and
        `CellTimeoutError` if a cell takes longer than ``execution_timeout`` seconds.
        """
        options = {"kernel_name": kernel_name, "log_output": log_output}
        reason = unsuitable(nb_man.nb, kernel_name)
        if reason:
            logger.warning(f"papermill's standard engine runs this notebook: {reason}")
            kwargs |= {**options, "execution_timeout": execution_timeout}
            return super().execute_managed_notebook(nb_man, **kwargs)
        options["coalesce_streams"] = True
        if ThisProcess.own and not execution_timeout:
            return _in_this_process(nb_man, **options)
        return cls._forked(nb_man, options, execution_timeout)

    @classmethod
    def _forked(cls, nb_man, options: dict, timeout: float | None):
        receiver, sender = workers.context().Pipe(duplex=False)
        nb = nb_man.nb
        forked = workers.Forked(workers.Task("notebook", _relayed, (sender, nb, options)))
        under_way = None
        try:
            forked.start()
            sender.close()
            while True:
                if under_way is not None and timeout and not receiver.poll(timeout):
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "it did not end", int(timeout), under_way
                    )
                try:
                    event, index, cell = receiver.recv()
                except EOFError:
                    break
                # The cell has its outputs; its timings are kept on this side.
                cell.metadata["papermill"] = nb.cells[index].metadata["papermill"]
                nb.cells[index] = cell
                under_way = cell if event == "cell_start" else None
                getattr(nb_man, event)(cell, cell_index=index)
            ended = forked.collect()
        finally:
            forked.kill()
            receiver.close()
        if ended.error:
            raise DeadKernelError(f"Kernel died: {ended.error}")
        for cell, last in zip(nb.cells, ended.value.cells, strict=True):
            if "outputs" in last:
                cell.outputs = last.outputs
        del ended.value.metadata["papermill"]
        nb.metadata.update(ended.value.metadata)
        return nb

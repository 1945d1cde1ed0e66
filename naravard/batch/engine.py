"""The papermill engine ``naravard``: a fresh process a notebook, forked from a warm one.

``papermill --engine naravard in.ipynb out.ipynb`` uses it, and so does the batch. Notebooks in
other languages, kernels of other environments and systems without a safe fork go to papermill's
standard engine, and the log says so.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from naravard.batch import workers


class ThisProcess:
    """What this process is to a notebook.

    Attributes
    ----------
    own : bool
        It was made for one notebook, which may use it up.
    used : bool
        A notebook ran in it.
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


def _in_this_process(nb_man, **options):
    from naravard.batch.execute import InProcessClient

    warm = sys.modules.get(workers.PRELOAD)
    if warm is not None and not warm.FORK_IS_SAFE:
        logger.warning("a new kernel runs this notebook: the warm parent had several threads")
        return PapermillNotebookClient(nb_man, **options).execute()
    ThisProcess.used = True
    return InProcessClient(nb_man, **options).execute()


class _Relay:
    """In a forked process: tell the one that asked how far the notebook has come."""

    def __init__(self, nb, sender):
        self.nb, self._sender = nb, sender

    def cell_start(self, cell, cell_index=None, **_):
        self._sender.send(("cell_start", cell_index, None))

    def cell_exception(self, cell, cell_index=None, **_):
        self._sender.send(("cell_exception", cell_index, cell))

    def cell_complete(self, cell, cell_index=None, **_):
        self._sender.send(("cell_complete", cell_index, cell))

    def autosave_cell(self):
        pass


def _relayed(sender, nb, options: dict) -> dict:
    """Run a notebook in this process, forked for it, and return its metadata."""
    relay = _Relay(nb, sender)
    _in_this_process(relay, **options)
    sender.close()
    return dict(nb.metadata)


class NaravardEngine(NBClientEngine):
    """Run each notebook in a fresh process that has the heavy libraries imported already."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, log_output=False, execution_timeout=None, **kwargs
    ):
        """Run a notebook; parameters as of papermill's standard engine.

        Raises
        ------
        nbclient.exceptions.DeadKernelError
            If the process is killed or ends by itself.
        nbclient.exceptions.CellTimeoutError
            If a cell takes longer than ``execution_timeout`` seconds.
        """
        reason = unsuitable(nb_man.nb, kernel_name)
        if reason:
            logger.warning(f"papermill's standard engine runs this notebook: {reason}")
            return super().execute_managed_notebook(
                nb_man, kernel_name, log_output=log_output, execution_timeout=execution_timeout,
                **kwargs,
            )  # fmt: skip
        options = {"kernel_name": kernel_name, "log_output": log_output, "coalesce_streams": True}
        if ThisProcess.own and not execution_timeout:
            return _in_this_process(nb_man, **options)
        return cls._forked(nb_man, options, execution_timeout)

    @classmethod
    def _forked(cls, nb_man, options: dict, timeout: float | None):
        from nbclient.exceptions import CellTimeoutError, DeadKernelError

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
                        "it did not end", int(timeout), nb.cells[under_way]
                    )
                try:
                    event, index, cell = receiver.recv()
                except EOFError:
                    break
                if cell is not None:  # with its outputs; the timings are kept on this side
                    cell.metadata["papermill"] = nb.cells[index].metadata["papermill"]
                    nb.cells[index] = cell
                under_way = index if event == "cell_start" else None
                getattr(nb_man, event)(nb.cells[index], cell_index=index)
            ended = forked.collect()
        finally:
            forked.kill()
            receiver.close()
        if ended.error:
            raise DeadKernelError(f"Kernel died: {ended.error}")
        nb.metadata.update({k: v for k, v in ended.value.items() if k != "papermill"})
        return nb

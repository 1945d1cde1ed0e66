"""The engine gives what papermill's standard engine gives, in a fresh process a notebook."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support.place import ROOT

from naravard.batch import workers
from naravard.batch.engine import ThisProcess, unsuitable
from naravard.notebooks import notebooks

pytestmark = pytest.mark.skipif(not workers.WARM, reason="no safe fork on this system")

CELLS = [
    "x = 41\nx + 1",
    "print('out'); import sys; print('err', file=sys.stderr); print('out again')",
    "from IPython.display import display, HTML, Markdown\n"
    "display(HTML('<b>ä</b>'), Markdown('*ö*')); {'k': [1, 2]}",
    "import pandas as pd\npd.DataFrame({'a': [1.5, None], 'b': ['å', 'x']})",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]); plt.title('t')",
    "%matplotlib inline\nfig, axes = plt.subplots(figsize=(2, 1)); axes.bar([1, 2], [3, 4])",
    "%%bash\necho from bash; echo to stderr >&2",
    "import os\n_ = os.system('echo past python')",
    "!echo shell",
    "%%capture caught\nprint('hidden')",
    "caught.stdout, In[1], Out[1], _",
    "import asyncio\nawait asyncio.sleep(0); 'awaited'",
    "h = display('first', display_id='d'); h.update('second')",
    "h.update('third, from a later cell')",
    "raise SystemExit('never runs')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays')",
    "import warnings; warnings.warn('look out')",
    "def f():\n    return 1 / 0",
    "%timeit -n1 -r1 -q pass",
    "class A:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        png = {'text/plain': 'A', 'image/png': b'\\x89PNG'}\n"
    "        return png, {'image/png': {'alt': 'a'}}\nA()",
    "import subprocess, sys\n"
    "subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True).stdout",
    "get_ipython().__class__.__name__, __name__, os.getcwd() == os.path.abspath('.')",
]
TAGS = [["skip-execution"] if "never runs" in cell else [] for cell in CELLS]


def book(*sources, tags=None):
    cells = [new_markdown_cell("# Text", id="text")]
    for number, source in enumerate(sources):
        metadata = {"tags": tags[number]} if tags and tags[number] else {}
        cells.append(new_code_cell(source, metadata=metadata, id=f"c{number}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def execute(notebook, folder, engine, name="run", **options):
    path, out = folder / f"{name}.in.ipynb", folder / f"{name}.{engine}.ipynb"
    nbformat.write(notebook, path)
    options |= {"engine_name": "naravard"} if engine == "naravard" else {"coalesce_streams": True}
    papermill.execute_notebook(path, out, progress_bar=False, cwd=str(folder), **options)
    return nbformat.read(out, as_version=4)


def without_times(notebook):
    """What readers see: cells, outputs, counts and the metadata that does not tell the time."""
    content = nbformat.from_dict(notebook)
    content.metadata.pop("papermill", None)
    for cell in content.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            if "traceback" in output:  # file names in it hold the process's number
                output["traceback"] = len(output["traceback"])
            if output.get("name") == "stderr":
                output["text"] = "".join(
                    line for line in output["text"].splitlines(True) if "ipykernel_" not in line
                )
    return content


def on_both(notebook, folder, **options):
    """What the engine and papermill's standard engine make of a notebook."""
    return [
        without_times(execute(notebook, folder, engine, **options))
        for engine in ("naravard", "standard")
    ]


def widgets(notebook):
    """The kept models of a notebook's widgets."""
    kept = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]
    return list(kept["state"].values())


def test_all_kinds_of_cells_have_the_same_outputs(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # a kernel takes no file descriptors while it is set
    fast, standard = on_both(book(*CELLS, tags=TAGS), tmp_path)
    for ours, theirs in zip(fast.cells, standard.cells, strict=True):
        assert ours == theirs, ours.source
    assert fast == standard
    shown = [o.get("data", {}) for c in fast.cells for o in c.get("outputs", [])]
    assert sum("image/png" in data for data in shown) == 3


def test_widgets_keep_their_static_fallback_and_state(tmp_path):
    cells = (
        "import ipywidgets\nslider = ipywidgets.IntSlider(3, description='år'); slider",
        "slider.value = 5",
    )
    found = []
    for notebook in on_both(book(*cells), tmp_path):
        text = nbformat.writes(notebook)
        ids = dict.fromkeys(re.findall(r"[0-9a-f]{32}", text))  # of the models, random
        found.append(re.sub("|".join(ids), "id", text))
        values = [model["state"].get("value") for model in widgets(notebook)]
        assert 5 in values and len(ids) >= 3
    assert sorted(found[0].splitlines()) == sorted(found[1].splitlines())


def test_an_output_widget_keeps_what_was_printed_in_it(tmp_path):
    # Not beside the standard engine: nbclient can wait for ever for a cell with such a widget
    # (its issue 312).
    cell = "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print('inside')\nout"
    notebook = execute(book(cell), tmp_path, "naravard")
    outputs = [one for model in widgets(notebook) for one in model["state"].get("outputs", [])]
    assert [one["text"] for one in outputs] == ["inside\n"]
    assert {one.output_type for one in notebook.cells[-1].outputs} == {"execute_result"}


@pytest.mark.parametrize("name", list(notebooks()))
def test_the_collection_comes_out_the_same(tmp_path, name):
    notebook = nbformat.read(notebooks()[name], as_version=4)
    parameters = {"region": "14", "language": "en"}  # .ci/run compares Gotland's in Swedish
    fast, standard = on_both(notebook, tmp_path, parameters=parameters)
    for cell in (*fast.cells, *standard.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected"  # papermill gives it a random one
    assert fast == standard


@pytest.mark.parametrize("tag", ["none", "raises-exception"])
def test_errors_are_the_same_and_the_rest_does_not_run(tmp_path, tag):
    cells = ("a = 1", "print(a)\nraise ValueError('the well is dry')", "print('next')")
    broken, found = book(*cells, tags=[[], [tag], []]), []
    for engine in ("naravard", "standard"):
        with pytest.raises(papermill.PapermillExecutionError, match="the well is dry") as caught:
            execute(broken, tmp_path, engine)
        out = nbformat.read(tmp_path / f"run.{engine}.ipynb", as_version=4)
        found.append((without_times(out).cells[-2:], caught.value.exec_count, caught.value.ename))
    assert found[0] == found[1]
    # Papermill itself says so at the end of a notebook whose errors are expected.
    assert bool(found[0][0][-1].outputs) is (tag == "raises-exception")


def test_questions_are_refused_in_the_same_way(tmp_path):
    cell = "try:\n    input('name? ')\nexcept Exception as e:\n    print(type(e).__name__)"
    fast, standard = on_both(book(cell), tmp_path)
    assert fast == standard
    assert fast.cells[1].outputs[0].text == "StdinNotImplementedError\n"


def test_nothing_of_a_notebook_is_seen_by_the_next(tmp_path):
    leave = book(
        "import builtins, os, random, sys, warnings\nimport matplotlib, numpy, pandas\n"
        "builtins.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')\n"
        "matplotlib.rcParams['font.size'] = 99; pandas.options.display.max_rows = 3\n"
        "warnings.simplefilter('error'); sys.path.append('/left'); random.seed(1)\n"
        "numpy.random.seed(1); import naravard; naravard.left = 1"
    )
    look = book(
        "import builtins, os, random, sys, warnings\nimport matplotlib, numpy, pandas, naravard\n"
        "[hasattr(builtins, 'left'), 'LEFT' in os.environ, os.getcwd(),\n"
        " matplotlib.rcParams['font.size'], pandas.options.display.max_rows,\n"
        " any(f[:3] == ('error', None, Warning) for f in warnings.filters), '/left' in sys.path,\n"
        " hasattr(naravard, 'left'), 'leave' in globals()]",
        "[random.random(), float(numpy.random.rand())]",
    )
    execute(leave, tmp_path, "naravard", "leave")
    first, second = (execute(look, tmp_path, "naravard", f"look{n}") for n in (1, 2))
    expected = [False, False, str(tmp_path), 10.0, 60, False, False, False, False]
    assert eval(first.cells[1].outputs[0].data["text/plain"]) == expected
    # Forks of one parent begin with its random state: each is seeded anew.
    assert first.cells[2].outputs != second.cells[2].outputs


def test_a_process_that_dies_is_a_dead_kernel(tmp_path):
    with pytest.raises(DeadKernelError, match="exit code 7"):
        execute(book("import os; os._exit(7)"), tmp_path, "naravard")
    with pytest.raises(DeadKernelError, match="SIGKILL"):
        execute(book("import os; os.kill(os.getpid(), 9)"), tmp_path, "naravard")


def test_a_cell_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(CellTimeoutError):
        execute(book("1", "import time; time.sleep(60)"), tmp_path, "naravard", execution_timeout=1)


def test_what_cannot_be_forked_goes_to_the_standard_engine(tmp_path, caplog, monkeypatch):
    assert unsuitable(book("1"), "python3") == ""
    assert "no kernel 'ir'" in unsuitable(book("1"), "ir")
    other = book("1")
    other.metadata.kernelspec.language = "R"
    assert "its language is R" in unsuitable(other, "python3")
    monkeypatch.setattr(workers, "WARM", False)
    found = execute(book("6 * 7"), tmp_path, "naravard")
    assert found.cells[1].outputs[0].data["text/plain"] == "42"
    assert "papermill's standard engine runs this notebook: processes cannot" in caplog.text


def test_an_unsafe_parent_means_a_new_kernel(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(ThisProcess, "own", True)
    monkeypatch.setitem(sys.modules, workers.PRELOAD, SimpleNamespace(FORK_IS_SAFE=False))
    found = execute(book("6 * 7"), tmp_path, "naravard")
    assert found.cells[1].outputs[0].data["text/plain"] == "42" and not ThisProcess.used
    assert "several threads" in caplog.text


def test_papermills_own_command_knows_the_engine(tmp_path):
    nbformat.write(book("6 * 7"), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "naravard", "in.ipynb", "out.ipynb"]
    environment = {**os.environ, "NARAVARD_ROOT": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    found = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert found.cells[1].outputs[0].data["text/plain"] == "42"
    assert found.metadata.papermill.exception is None
    assert found.cells[1].metadata.papermill.status == "completed"

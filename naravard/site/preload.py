"""What the parent of a batch imports and calls once, so that the jobs forked from it need not.

Importing this module loads every library that notebooks and the page export use, and fills the
caches that depend on the code alone. Of the collection's data, which may change while the parent
lives, it reads the table only: a job reads it again if the file is another by then. It leaves no
thread behind (`FORK_IS_SAFE`) and changes nothing that a notebook could see. The order matters:
what limits threads comes before what starts them.
"""

import os

# ruff: noqa: E402, F401
# Before anything numeric is imported: it starts its threads then.
from naravard.batch.workers import QUIET

os.environ.update(QUIET)
_environment = dict(os.environ)

import contextlib
import gc
import sys

# Imports that cost much and give nothing here: jsonschema checks one kind of address with the one,
# which no notebook holds; nobody debugs a notebook of a batch with the other.
_SPARED = ("rfc3987_syntax", "debugpy")
_known = {name: sys.modules[name] for name in _SPARED if name in sys.modules}
sys.modules.update(dict.fromkeys(_SPARED))
import ipykernel.debugger
import jsonschema

for _name in _SPARED:
    del sys.modules[_name]
sys.modules.update(_known)

import ipykernel.ipkernel
import ipykernel.kernelspec
import IPython
import IPython.core.application
import IPython.core.completerlib
import IPython.core.crashhandler
import IPython.core.logger
import IPython.core.oinspect
import matplotlib as mpl
import matplotlib.pyplot
import nbclient
import nbconvert
import nbformat
import pandas as pd
import pandas.core.arrays.arrow.extension_types
import pandas.core.reshape.reshape
import papermill
import PIL.PngImagePlugin
import pyarrow.dataset
import pyarrow.parquet
import pyarrow.substrait
import pymannkendall
import scipy.stats
import seaborn
import statsmodels.api
import statsmodels.stats.meta_analysis
from matplotlib.backends import backend_registry

import naravard
from naravard import claims, errors, language
from naravard.analysis import regression
from naravard.batch import engine
from naravard.data import documents, load
from naravard.figures import axes as figure_axes
from naravard.sentences.say import Prose
from naravard.site import layout, notebook, render
from naravard.tables.table import Table

for _name in naravard.__all__:
    getattr(naravard, _name)


def _example():
    """Make a notebook with one cell of each kind that pages are made of."""
    new, shown = nbformat.v4, (Prose("*a*"), Table(pd.DataFrame({"1": ["a"]}), "b"))
    outputs = [new.new_output("execute_result", one._repr_mimebundle_()) for one in shown]
    code = new.new_code_cell("1", outputs=outputs, execution_count=1)
    return new.new_notebook(cells=[new.new_markdown_cell("# a"), code])


def _call_once() -> None:
    """Call what fills a cache or imports more on its first call, and keep nothing of it."""
    naravard.catalogue.catalogue()
    documents.tables()
    documents.sheet()
    claims.rules.rules()
    naravard.resolve("riket")
    with contextlib.suppress(errors.NaravardError):  # nothing is built yet
        load.table([])
    engine.another_python("python3")
    backend_registry.list_all()  # asks every installed package for backends
    for code in language.LANGUAGES:
        language.number(-1234.5, 1, code)
    regression.fit(range(2010, 2018), [1, 3, 2, 5, 4, 7, 6, 9])  # scipy.stats, pymannkendall
    with mpl.rc_context(figure_axes.STYLE):
        canvas, axes = figure_axes.start("a", "b", ["c"], "sv")
        figure_axes.years_axis(axes, (2016, 2025), "sv")
        figure_axes.value_axis(axes, pd.Series([1.0, 2.0]), "sv")
        _ = figure_axes.finish(canvas, "d", pd.DataFrame()).svg
    layout.template("notebook.html.j2")
    page = {"before": "", "after": "", "region": ""}
    nbformat.validate(_example())
    notebook._exporter().from_notebook_node(_example(), resources={"page": page})


_call_once()

# Some libraries leave settings of theirs in the environment when they are imported.
os.environ.clear()
os.environ.update(_environment)

# What is alive now lives as long as the forks: their garbage collector need not look at it.
gc.collect()
gc.freeze()

#: Whether this process may be forked: it has no other thread that could hold a lock.
FORK_IS_SAFE = os.path.isdir("/proc/self/task") and len(os.listdir("/proc/self/task")) == 1

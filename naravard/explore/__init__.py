"""Explore the collection: any indicator, any regions, one picture that is always in step."""

from __future__ import annotations

import importlib.util
import os
from functools import cached_property

from naravard.errors import NaravardError
from naravard.explore.page import failure, page
from naravard.explore.view import Result, View, word
from naravard.regions import NATION, Region, resolve

_WIDGETS = "application/vnd.jupyter.widget-view+json"


def explore(
    indicator: str = "readmission_30d_65plus",
    region: str | list[str] = NATION,
    language: str = "sv",
    interactive: bool | None = None,
) -> Explorer:
    """Explore indicators, regions and years in an interface of widgets.

    Parameters
    ----------
    indicator : str
        Id of the indicator to begin with.
    region : str or list of str
        What to begin with: a region is shown beside Riket, a list as it is.
    language : {"sv", "en"}
    interactive : bool, optional
        Whether to show the widgets. If not given they are shown where someone can use them:
        JupyterLab, Voilà, VS Code and the like, but not when papermill, nbconvert or nbval runs
        the notebook.

    Returns
    -------
    Explorer
        Displays the interface. Where no widgets run it is the figure, the finding, the table and
        the code of the first view.

    Raises
    ------
    NaravardError
        On an unknown indicator, region or language, or an indicator that awaits its figures.
    """
    one = isinstance(region, str | int | Region)
    regions = [NATION, resolve(region).code] if one else region
    return Explorer(View(indicator, regions, language=language), interactive)


class Explorer:
    """What `explore` displays.

    ``view`` is what is chosen now; while a choice makes no view (no region at all), the one before.
    """

    def __init__(self, view: View, interactive: bool | None = None):
        self.view = view
        self._interactive = interactive

    @property
    def result(self) -> Result:
        """All that the view shows now; a NaravardError if there is nothing to show."""
        return self.view.result()

    @cached_property
    def interface(self):
        """The widgets, one box; they are made when they are first asked for."""
        from naravard.explore.widgets import Interface

        return Interface(self)

    def html(self, live: bool = False) -> str:
        """Return the view as HTML; ``live`` with what only works in a browser."""
        try:
            return page(self.view.result(), live)
        except NaravardError as error:
            return failure(str(error), self.view.language, live)

    def __repr__(self) -> str:
        try:
            result = self.view.result()
        except NaravardError as error:
            return str(error)
        how = word("how", self.view.language)
        return "\n\n".join((result.finding.text, repr(result.table), result.code, how))

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/html": self.html(), "text/plain": repr(self)}
        wanted = _someone_is_there() if self._interactive is None else self._interactive
        if wanted and importlib.util.find_spec("ipywidgets"):
            bundle[_WIDGETS] = self.interface.box._repr_mimebundle_()[_WIDGETS]
        return bundle


def _someone_is_there() -> bool:
    """Say whether a front end with someone before it runs the cell: it can ask questions.

    papermill, nbconvert and nbval say that they cannot. So does Voilà, which names itself.
    """
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    try:
        from IPython import get_ipython

        request = get_ipython().get_parent()
        return bool(request["content"]["allow_stdin"])
    except (ImportError, AttributeError, KeyError):  # no notebook at all
        return False

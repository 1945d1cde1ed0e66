"""Any result as a table, and tables as files."""

from naravard.analysis.comparison import Comparison
from naravard.analysis.points import Points
from naravard.analysis.profile import Profile, SimilarRegions
from naravard.analysis.trends import Trend
from naravard.data.documents import Outcomes, Status
from naravard.language import check
from naravard.sentences.say import Prose
from naravard.tables import documents, profile, values
from naravard.tables.table import Table

_TABULATE = {
    Comparison: values.tabulate_comparison,
    Outcomes: documents.tabulate_outcomes,
    Points: documents.tabulate_points,
    Profile: profile.tabulate_profile,
    SimilarRegions: profile.tabulate_similar,
    Status: documents.tabulate_status,
    Trend: values.tabulate_trend,
    list: documents.tabulate_verdicts,
    tuple: documents.tabulate_verdicts,
}


def table(result, language: str = "sv", **options) -> Table | Prose:
    """Show a result as a table.

    Parameters
    ----------
    result : Trend, Comparison, Points, SimilarRegions, Profile, Status, Outcomes or Verdicts
        Verdicts are a list or tuple of them, as `naravard.claims.verdicts` returns.
    language : {"sv", "en"}
    **options
        Of a profile ``direction``, the strategic direction to show (e.g. "quality"); of verdicts
        ``document`` (key, name or title), ``outcome`` ("reproduced", "differs" or "not testable")
        and ``basis`` ("figures" or "documents"), to show only such claims.

    Returns
    -------
    Table
        Text that displays itself; ``frame`` holds the cells, written in the indicator's unit and
        decimals, a dash where a value is missing. Rows and columns: of a trend a method each, with
        slope and interval a year, years and p; of a comparison a year and a region; of points an
        indicator and year, with the region's, Riket's and the regions' lowest and highest value;
        of similar regions a region, with distances in standard deviations; of a profile an
        indicator; of a status a fact with its line in the document; of outcome boxes a box; of
        verdicts a claim. A sentence (`Prose`) where there is nothing to show.

    Raises
    ------
    NaravardError
        On an unknown language, strategic direction or document.
    TypeError
        For a result that has no table, or an option that it does not have.
    """
    tabulate = _TABULATE.get(type(result))
    if tabulate is None:
        raise TypeError(f"no table for {type(result).__name__}")
    return tabulate(result, check(language), **options)

"""The words of the interface that explores the collection, in Swedish and English."""

from __future__ import annotations

_WORDS = {
    "direction": {"sv": "Område", "en": "Area"},
    "all": {"sv": "Alla områden", "en": "All areas"},
    "background": {"sv": "Bakgrund", "en": "Background"},
    "search": {"sv": "Sök mått", "en": "Search indicators"},
    "example": {"sv": "t.ex. läkare, kostnad", "en": "e.g. doctors, cost"},
    "indicator": {"sv": "Mått", "en": "Indicator"},
    "found_none": {"sv": "Inget mått heter så.", "en": "No indicator has that name."},
    "awaiting": {
        "sv": "{count} mått till väntar på siffror: {command}",
        "en": "{count} more indicators await their figures: {command}",
    },
    "regions": {"sv": "Regioner, högst {most} utom riket",
                "en": "Regions, at most {most} beside Sweden"},
    "from": {"sv": "Från år", "en": "From year"},
    "to": {"sv": "Till år", "en": "To year"},
    "sex": {"sv": "Kön", "en": "Sex"},
    "T": {"sv": "Totalt", "en": "Total"},
    "K": {"sv": "Kvinnor", "en": "Women"},
    "M": {"sv": "Män", "en": "Men"},
    "prices": {"sv": "Priser", "en": "Prices"},
    "current": {"sv": "Löpande priser", "en": "Current prices"},
    "fixed": {"sv": "{year} års priser (KPI)", "en": "Prices of {year} (CPI)"},
    "trend": {"sv": "Visa trend", "en": "Show the trend"},
    "table": {"sv": "Tabell", "en": "Table"},
    "code": {"sv": "Koden som ger detta", "en": "The code that gives this"},
    "copy": {"sv": "Kopiera koden", "en": "Copy the code"},
    "copied": {"sv": "Kopierad", "en": "Copied"},
    "selected": {"sv": "Markerad: tryck Ctrl+C", "en": "Selected: press Ctrl+C"},
    "picture": {"sv": "Figuren (PNG)", "en": "The figure (PNG)"},
    "values": {"sv": "Tabellen (CSV)", "en": "The table (CSV)"},
    "limits": {"sv": "Vad detta inte visar", "en": "What this does not show"},
    "no_region": {"sv": "Välj minst en region.", "en": "Choose at least one region."},
    "too_many": {
        "sv": "Högst {most} regioner utom riket går att skilja åt i en figur: välj bort någon.",
        "en": "At most {most} regions beside Sweden can be told apart in a figure: leave some out.",
    },
    "backwards": {
        "sv": "Första året, {first}, ligger efter det sista, {last}.",
        "en": "The first year, {first}, lies after the last, {last}.",
    },
    "no_sex": {
        "sv": "{name} finns inte för {sex}.",
        "en": "{name} is not published for {sex}.",
    },
    "no_prices": {
        "sv": "{name} är ingen kostnad i kronor: fasta priser går inte att räkna.",
        "en": "{name} is no cost in kronor: fixed prices cannot be computed.",
    },
    "no_index": {
        "sv": "Prisindex finns för {years}, inte för {year}.",
        "en": "There is a price index for {years}, not for {year}.",
    },
    "nation_only": {
        "sv": "{name} finns bara för riket: välj Riket.",
        "en": "{name} exists for the nation only: choose Sweden.",
    },
    "nothing": {
        "sv": "{name} har inga värden för {regions} {years}.",
        "en": "{name} has no values for {regions} {years}.",
    },
    "how": {
        "sv": "Detta är utgångsläget. Öppna anteckningsboken med `naravard lab` och kör cellen för "
        "att byta mått, regioner och år.",
        "en": "This is the starting view. Open the notebook with `naravard lab` and run the cell "
        "to change indicator, regions and years.",
    },
    "failed": {"sv": "Något gick fel: {error}", "en": "Something went wrong: {error}"},
}  # fmt: skip


def word(key: str, language: str, **parts) -> str:
    """Return a word or sentence of the interface in the language."""
    return _WORDS[key][language].format(**parts)

"""The words in figures, in Swedish and English."""

from __future__ import annotations

_WORDS = {
    "source": {"sv": "Källa", "en": "Source"},
    "pandemic": {"sv": "pandemin", "en": "pandemic"},
    "others": {"sv": "övriga regioner", "en": "other regions"},
    "current": {"sv": "löpande priser", "en": "current prices"},
    "fixed": {"sv": "{year} års priser (KPI)", "en": "prices of {year} (CPI)"},
    "without": {"sv": "utan {region}", "en": "without {region}"},
    "nothing": {"sv": "Inga värden att visa", "en": "No values to show"},
    "break": {"sv": "brott {year}", "en": "break {year}"},
    "nation": {"sv": "Riket", "en": "Sweden"},
    "a_year": {"sv": "förändring per år", "en": "change a year"},
    "average": {"sv": "regionernas genomsnitt", "en": "average of the regions"},
    "own_or_shrunk": {
        "sv": "● sammanvägd   ○ regionen för sig, med 95-procentsintervall\n"
        "efter minst regionernas gemensamma spridning",
        "en": "● weighed together   ○ the region by itself, with a 95% interval\n"
        "from at least the regions' common spread",
    },
    "similar": {"sv": "liknande regioner", "en": "similar regions"},
    "desired": {"sv": "önskad riktning", "en": "desired direction"},
    "among_regions": {"sv": "Bland regionerna", "en": "Among the regions"},
    "deviations": {
        "sv": "Avstånd från riket i standardavvikelser mellan regionerna, senaste året",
        "en": "Distance from the nation in standard deviations between regions, latest year",
    },
    "regions": {"sv": "regioner", "en": "regions"},
    "activities": {"sv": "aktiviteter", "en": "activities"},
    "number_of": {"sv": "Antal", "en": "Number of"},
    "points": {"sv": "Publicerade punkter", "en": "Published points"},
    "no_value": {"sv": "inget publicerat värde", "en": "no published value"},
    "target": {"sv": "mål", "en": "target"},
    "together": {"sv": "regionerna\ntillsammans", "en": "the regions\ntogether"},
    "log_scale": {"sv": "logaritmisk skala", "en": "logarithmic scale"},
    "people": {"sv": "invånare", "en": "people"},
    "lower": {"sv": "nedre", "en": "lower"},
    "upper": {"sv": "övre", "en": "upper"},
    "sources_below": {"sv": "Källor: se sidans slut", "en": "Sources: see the end of the page"},
}


def word(key: str, language: str, **parts) -> str:
    """Return a figure's word in the language."""
    return _WORDS[key][language].format(**parts)

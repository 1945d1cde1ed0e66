"""The words of the page "what changed since", in Swedish and English."""

from __future__ import annotations

SEXES = {
    "T": {"sv": "", "en": ""},
    "K": {"sv": "kvinnor", "en": "women"},
    "M": {"sv": "män", "en": "men"},
}
#: What became of a claim, in the order in which they are shown.
KINDS = {
    "lost": {"sv": "stöds inte längre", "en": "no longer borne out"},
    "gained": {"sv": "stöds nu", "en": "borne out now"},
    "other": {"sv": "annat utfall", "en": "another outcome"},
}
HEADS = {
    "values": {
        "sv": ["Indikator", "Utgåva", "Ändrade (år)", "Nya (år)", "Borttagna (år)",
               "Bara intervall, delar eller not", "Största ändringar"],
        "en": ["Indicator", "Vintage", "Revised (years)", "Added (years)", "Gone (years)",
               "Only interval, parts or note", "Largest revisions"],
    },
    "trends": {
        "sv": ["Indikator", "Region", "Före", "Efter"],
        "en": ["Indicator", "Region", "Before", "After"],
    },
    "claims": {
        "sv": ["Påstående", "Var", "Dokumentet säger", "Ändring", "Före", "Efter", "Förklaring nu"],
        "en": ["Claim", "Where", "The document says", "Change", "Before", "After",
               "Explanation now"],
    },
}  # fmt: skip
WORDS = {
    "sv": {
        "nothing": "Inget har ändrats: varje värde är detsamma som då.",
        "summary": "Ändrade värden: {revised}, nya: {added}, borttagna: {gone} (indikatorer: "
        "{indicators}). Omdömen om utvecklingen som vänt: {turned}. Påståenden som inte längre "
        "stöds: {lost}, som stöds nu: {gained}, med annat utfall: {other}.",
        "how": "Här jämförs siffror med siffror: metod, katalog, påståenden och regler är dagens "
        "på båda sidor. Ett värde som saknades och nu finns räknas som nytt, ett som fanns och nu "
        "saknas som borttaget.",
        "appeared": "Datamängder som inte fanns i samlingen då, så att alla deras värden är nya: "
        "{datasets}.",
        "pinned": "Katalogen håller fast vid en utgåva, som gäller på båda sidor: {indicators}.",
        "values": "Värden",
        "values_text": "Varje rad är en indikator. Storleken på en ändring står i indikatorns "
        "enhet och, där det går, i procent av värdet före; de tre största i procent visas.",
        "values_caption": "Värden som ändrats, kommit till eller tagits bort",
        "no_values": "Inga värden har ändrats.",
        "none": "fanns inte",
        "computed": "beräknad",
        "trends": "Omdömen som vänt",
        "trends_text": "Omdömen om utvecklingen i regionernas profiler, med de år de vilar på; "
        "kostnader i fasta priser. Ett omdöme kan vända av en liten ändring när trendens intervall "
        "ligger nära noll, och eftersom tidsseriers likhet mellan år skattas ur alla regioner kan "
        "det vända i en region vars egna värden står kvar.",
        "trends_caption": "Trender som fått ett annat omdöme",
        "no_trends": "Inget omdöme om utvecklingen i regionernas profiler har vänt.",
        "claims": "Påståenden",
        "claims_text": "Vad dokumenten påstår, prövat mot siffrorna då och nu. Ett påstående stöds "
        "när det stämmer med siffrorna eller inbördes.",
        "claims_caption": "Påståenden med ett annat utfall",
        "no_claims": "Inget påstående har fått ett annat utfall.",
        "line": "rad",
    },
    "en": {
        "nothing": "Nothing changed: every value is the same as then.",
        "summary": "Values revised: {revised}, added: {added}, gone: {gone} (indicators: "
        "{indicators}). Verdicts on trends that turned: {turned}. Claims no longer borne out: "
        "{lost}, borne out now: {gained}, with another outcome: {other}.",
        "how": "Figures are compared with figures here: method, catalogue, claims and rules are "
        "those of today on both sides. A value that was missing and is there now counts as added, "
        "one that was there and is missing now as gone.",
        "appeared": "Data sets that the collection did not have then, so that all their values "
        "are added: {datasets}.",
        "pinned": "The catalogue pins a vintage, which stands on both sides: {indicators}.",
        "values": "Values",
        "values_text": "Each row is an indicator. The size of a revision is in the indicator's "
        "unit and, where that can be had, in percent of the value before; the three largest in "
        "percent are shown.",
        "values_caption": "Values revised, added or gone",
        "no_values": "No value changed.",
        "none": "not there",
        "computed": "computed",
        "trends": "Verdicts that turned",
        "trends_text": "Verdicts on trends in the regions' profiles, with the years that they "
        "rest on; costs in fixed prices. A verdict can turn on a small revision when the trend's "
        "interval lies near zero, and since the likeness of neighbouring years is learnt from all "
        "regions it can turn in a region whose own values stand.",
        "trends_caption": "Trends with another verdict",
        "no_trends": "No verdict on a trend in the regions' profiles turned.",
        "claims": "Claims",
        "claims_text": "What the documents claim, held against the figures then and now. A claim "
        "is borne out when it is reproduced by figures or consistent within the documents.",
        "claims_caption": "Claims with another outcome",
        "no_claims": "No claim has another outcome.",
        "line": "line",
    },
}

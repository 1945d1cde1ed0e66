"""Sentences on a region's profile and the regions like it."""

from __future__ import annotations

from naravard.analysis.profile import Profile, SimilarRegions, Standing
from naravard.analysis.regression import LEVEL
from naravard.catalogue import indicator
from naravard.catalogue.quantities import quantity
from naravard.data.documents import Outcomes
from naravard.language import check, number, within
from naravard.regions import BY_CODE, NATION
from naravard.sentences.say import worded
from naravard.sentences.words import desired, names

#: Regions further away than so many times what is usual are not called alike.
_FAR = 1.5
#: So many indicators are named as the farthest from Riket.
_NAMED = 3
#: So many of those that rise or fall are named; the table shows the rest.
_LISTED = 5


@worded.register(SimilarRegions)
def similar_regions(result: SimilarRegions, language: str) -> str:
    """Say which regions are most like one, by what, and whether they really are alike."""
    if result.region == NATION:
        return {
            "sv": "**Riket har inga liknande regioner; varje regions sida nämner de fyra som "
            "liknar den mest.**",
            "en": "**The nation has no similar regions; each region's page names the four most "
            "like it.**",
        }[language]
    own = BY_CODE[result.region].name(language)
    alike = names([BY_CODE[code].label(language) for code in result.similar], language)
    far = ""
    apart, typical = (number(x, 1, language) for x in (result.apart, result.typical))
    if result.apart > _FAR * result.typical:
        far = {
            "sv": f" Ingen region är riktigt lik: avståndet är i snitt {apart}, mot {typical} för "
            "en vanlig region.",
            "en": f" No region is really alike: the distance is {apart} on average, against "
            f"{typical} for a usual region.",
        }[language]
    return {
        "sv": f"**{own} liknar mest {alike}.** Likheten mäts i folkmängd, ålder (andelen 80 år och "
        f"äldre och försörjningskvoten) och befolkningstäthet {result.year}; de tre väger lika, "
        f"och avståndet räknas i standardavvikelser mellan regionerna.{far} Likheten gäller "
        "förutsättningar, inte hur vården är ordnad.",
        "en": f"**{own} is most like {alike}.** Likeness is measured in population, age (the share "
        f"aged 80 and over and the dependency ratio) and population density in {result.year}; the "
        f"three weigh the same, and the distance is counted in standard deviations between "
        f"regions.{far} It is about conditions, not about how care is organised.",
    }[language]


def _groups(result: Profile) -> dict[str, list[Standing]]:
    """Sort the indicators by what their trend says; "no value" for those without one."""
    groups: dict[str, list[Standing]] = {}
    for one in result.everything:
        key = "no value" if one.year is None else one.trend.verdict
        if key in ("rising", "falling"):
            key = {True: "desired", False: "undesired", None: "neither"}[desired(one.trend)]
        groups.setdefault(key, []).append(one)
    return groups


_PARTS = {
    "desired": {"sv": "{n} går i önskad riktning ({names})",
                "en": "{n} {go} in the desired direction ({names})"},
    "undesired": {"sv": "{n} går i oönskad riktning ({names})",
                  "en": "{n} {go} in the undesired direction ({names})"},
    "neither": {"sv": "{n} stiger eller sjunker utan att det i sig är bra eller dåligt ({names})",
                "en": "{n} rise{s} or fall{s} without that being good or bad in itself ({names})"},
    "no clear change": {"sv": "{n} visar ingen tydlig förändring",
                        "en": "{n} show{s} no clear change"},
    "depends on the pandemic years": {
        "sv": "{n} går inte att skilja från pandemiåren",
        "en": "{n} cannot be told from the pandemic years"},
}  # fmt: skip


@worded.register(Profile)
def profile(result: Profile, language: str) -> str:
    """Count what the trends of a region's indicators say, and how many chance alone would give."""
    groups = _groups(result)
    parts, tested = [], 0
    for key, words in _PARTS.items():
        if found := groups.get(key):
            tested += len(found)
            shorts = [within(indicator(one.indicator).short_name[language]) for one in found]
            more = len(shorts) - _LISTED
            if more > 1:
                rest = {"sv": f"{more} till", "en": f"{more} more"}[language]
                shorts = [*shorts[:_LISTED], rest]
            verbs = {"go": "goes", "s": "s"} if len(found) == 1 else {"go": "go", "s": ""}
            named = names(shorts, language)
            parts.append(words[language].format(n=len(found), names=named, **verbs))
    count = len(result.everything)
    few, none = (len(groups.get(key, [])) for key in ("too few years", "no value"))
    chance = number(tested * (1 - LEVEL), 1, language)
    own = BY_CODE[result.region].name(language)
    if not tested:
        return {
            "sv": f"**{own}: inget av {count} mått har tillräckligt många år för en slutsats om "
            f"utvecklingen.** {few} har för få år, {none} saknar värde.",
            "en": f"**{own}: none of {count} indicators has enough years for a conclusion on how "
            f"it changed.** {few} have too few years, {none} have no value.",
        }[language]
    return {
        "sv": f"**{own}: av {count} mått räcker åren till en slutsats om {tested}: "
        f"{names(parts, language)}.** {few} mått har för få år och {none} saknar värde. När så "
        f"många prövas på en gång kan slumpen ensam väntas ge upp till {chance} av slutsatserna "
        "om att något stiger eller sjunker.",
        "en": f"**{own}: of {count} indicators, {tested} have enough years for a conclusion: "
        f"{names(parts, language)}.** {few} have too few years and {none} have no value. When so "
        f"many are tested at once, chance alone can be expected to give up to {chance} of the "
        "conclusions that something rises or falls.",
    }[language]


def positions(result: Profile, language: str = "sv") -> str:
    """Say which indicators lie farthest from Riket, as the figure shows them."""
    check(language)
    shown = [one for one in result.everything if one.distances is not None]
    own = BY_CODE[result.region].name(language)
    code = result.region
    away = {one.indicator: one.distances[code] for one in shown if code in one.distances}
    if not away:
        return {
            "sv": f"{own}: regionernas spridning kring riket i {len(shown)} mått, i "
            "standardavvikelser.",
            "en": f"{own}: how the regions spread around the nation in {len(shown)} indicators, in "
            "standard deviations.",
        }[language]
    farthest = sorted(away, key=lambda id: -abs(away[id]))[:_NAMED]
    named = [
        f"{within(indicator(id).short_name[language])} {number(away[id], 1, language, sign=True)}"
        for id in farthest
    ]
    return {
        "sv": f"{own} jämfört med riket i {len(away)} mått, i standardavvikelser mellan "
        f"regionerna. Längst från riket: {names(named, 'sv')}.",
        "en": f"{own} against the nation in {len(away)} indicators, in standard deviations between "
        f"the regions. Farthest from the nation: {names(named, 'en')}.",
    }[language]


@worded.register(Outcomes)
def outcomes(result: Outcomes, language: str) -> str:
    """Say how many boxes of a region's sheet have a value, and how the collection's fit them."""
    own, boxes = BY_CODE[result.region].name(language), result.boxes
    if boxes.empty:
        return {
            "sv": f"**{own}: det insamlade materialet har inget blad med utfall; bara Region "
            "Stockholms från november 2022 finns.**",
            "en": f"**{own}: the collected material has no sheet of outcomes; there is only Region "
            "Stockholm's of November 2022.**",
        }[language]
    valued, both = boxes[boxes["value"].notna()], boxes[boxes["then"].notna()]
    sure = int(valued["certainty"].isin(["certain", "near_certain"]).sum())
    pairs = []
    for row in both.itertuples():
        entry, printed = indicator(row.indicator), number(row.value, 0, language)
        then = quantity(row.then, entry, language)
        pairs.append(f"{within(entry.short_name[language])} {printed} / {then} ({row.year})")
    compared = "; ".join(pairs)
    return {
        "sv": f"**{own}: {len(valued)} av bladets {len(boxes)} rutor har ett värde, och för {sure} "
        "av dem är det säkert eller nästan säkert vilket mått de gäller.** För "
        f"{len(both)} har samlingen ett värde för samma år, bladet / samlingen: {compared}.",
        "en": f"**{own}: {len(valued)} of the sheet's {len(boxes)} boxes have a value, and for "
        f"{sure} of them it is certain or nearly certain which indicator they are.** For "
        f"{len(both)} the collection has a value for the same year, sheet / collection: "
        f"{compared}.",
    }[language]

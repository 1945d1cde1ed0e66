"""An imitation of Socialstyrelsen's statistical database: one topic, every figure by a rule.

A rate is FIRST[diagnosis] + the county code + (year − 2020) / 10, 5 more for men and 5 less for
women, unless it stands in EXCEPTIONS; the number of episodes is 7 everywhere. The ids of measures
and ages are made up.
"""

from urllib.parse import parse_qs

from support.fake_json import CODES, FakeJson

FIRST = {"I50": 200, "J44": 150, "J45": 40, "E10": 60, "E11": 70, "E12": 30, "E13": 31, "E14": 32}
NOT_ASKED = {"05": 900, "F19": 80}
#: By diagnosis, county, sex (id) and year; None is a row that is not there.
EXCEPTIONS = {
    ("E12", "09", 3, 2023): "X",
    ("I50", "25", 3, 2022): "1\u00a0225,2",
    ("E13", "09", 1, 2023): None,
}
VALUES = {
    "matt": [
        {"id": 1, "text": "Antal vårdtillfällen"},
        {"id": 4, "text": "Antal vårdtillfällen/100\u00a0000 inv"},
        {"id": 7, "text": "Antal patienter/100 000 inv"},
    ],
    "diagnos": [{"id": "05", "text": "F00-F99: Psykiska sjukdomar", "typ": "kapitel"}]
    + [{"id": code, "text": f"{code} En diagnos"} for code in (*FIRST, "F19")],
    "region": [{"id": int(c), "kod": c, "text": "Riket" if c == "00" else f"Län {c}"}
               for c in CODES]
    + [{"id": 98, "kod": "98", "text": "Övriga"}],
    "alder": [
        {"id": 18, "text": "85+"}, {"id": 19, "text": "0–85+"}, {"id": 20, "text": "10-85+"},
    ],
    "kon": [
        {"id": 1, "text": "Män"}, {"id": 2, "text": "Kvinnor"}, {"id": 3, "text": "Båda könen"},
    ],
    "ar": [{"id": year, "text": str(year)} for year in (1998, 2022, 2023)],
}  # fmt: skip


class FakeSocialstyrelsen(FakeJson):
    """``page_limit`` rows a page at most; links to pages are absolute and begin with http://."""

    root = "/api/v1/sv"

    def __init__(self, page_limit=5000):
        super().__init__()
        self.page_limit = page_limit

    def reply(self, method, path, query, body):
        topic, *rest = path.strip("/").split("/")
        if method != "GET" or topic != "diagnoserislutenvard":
            return 404, "<html><body>404</body></html>"
        if not rest:
            return 200, [{"namn": name, "text": name, "info": ""} for name in VALUES]
        if rest[0] in VALUES and len(rest) == 1:
            return 200, VALUES[rest[0]]
        chosen = dict(zip(rest[1::2], rest[2::2], strict=True))
        if rest[0] != "resultat" or "," in chosen.get("matt", ""):
            return 404, "<html><body>404</body></html>"
        return 200, self.page(path, chosen, parse_qs(query))

    def page(self, path, chosen, query):
        ids = {
            name: chosen[name].split(",") if name in chosen else [str(v["id"]) for v in values]
            for name, values in VALUES.items()
        }
        rows = [
            {"diagnosId": d, "regionId": int(r), "alderId": int(a), "konId": int(k),
             "mattId": int(m), "ar": int(y), "varde": varde}
            for m in ids["matt"] for d in ids["diagnos"] for r in ids["region"]
            for a in ids["alder"] for k in ids["kon"] for y in ids["ar"]
            if (varde := value(m, d, r.zfill(2), int(k), int(y))) is not None
        ]  # fmt: skip
        size = min(int(query.get("per_sida", [500])[0]), self.page_limit)
        number, pages = int(query.get("sida", [1])[0]), -(-len(rows) // size)
        here = f"http://sdb.socialstyrelsen.se{self.root}{path}?per_sida={size}&sida="
        return {
            "data": rows[(number - 1) * size : number * size],
            "amne": "Diagnoser i sluten vård", "sida": number, "per_sida": size, "sidor": pages,
            "nasta_sida": f"{here}{number + 1}" if number < pages else None,
            "foregaende_sida": f"{here}{number - 1}" if number > 1 else None,
        }  # fmt: skip


def value(measure, diagnosis, county, sex, year):
    """What the imitation publishes."""
    key = (diagnosis, county, sex, year)
    if key in EXCEPTIONS:
        return EXCEPTIONS[key]
    if measure == "1":
        return "7"
    rate = {**FIRST, **NOT_ASKED}[diagnosis] + int(county) + (year - 2020) / 10
    return f"{rate + {1: 5, 2: -5, 3: 0}[sex]:.1f}".replace(".", ",")

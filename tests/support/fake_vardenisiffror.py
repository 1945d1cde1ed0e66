"""An imitation of Vården i siffror: four measures, every figure by a rule.

Of 1000 × (county code + 1) discharges 10 × (county code + 1) × (10 + last digit of the year) are
followed by a readmission: 12 percent in every county in 2022 and 13 percent in 2023, the interval
one percentage point to each side. The GUIDs are made up.
"""

from support.fake_json import FakeJson

GUID = {n: f"0000000{n}-aaaa-4bbb-8ccc-00000000000{n}" for n in range(1, 6)}
NAMES = {
    GUID[1]: "Oplanerad återinskrivning inom 30 dagar, 65 år och äldre",
    GUID[2]: "Påverkbar slutenvård vid kronisk sjukdom",
    GUID[3]: "Besök på akutmottagning, 80 år och äldre",
    GUID[4]: "Förtroende för hälso- och sjukvården",
    GUID[5]: "Väntetid till besök",
}
#: What numerator / denominator is multiplied by.
PER = {GUID[1]: 100, GUID[2]: 100000, GUID[3]: 1000, GUID[4]: 100, GUID[5]: 1}


class FakeVardenISiffror(FakeJson):
    """``names`` may be changed; the first source lists ids only, the second whole measures."""

    root = "/webapi"

    def __init__(self):
        super().__init__()
        self.names = dict(NAMES)

    def reply(self, method, path, query, body):
        if (method, path) == ("GET", "/api/informationsource"):
            return 200, self.sources()
        if (method, path) == ("POST", "/api/measures/measures"):
            return 200, [{"measureId": id, "name": self.names[id], "measureUnit": "%",
                          "measureDefinition": "…"} for id in body if id in self.names]  # fmt: skip
        if (method, path) == ("POST", "/api/measurements/measurementswithmetadata"):
            if "periodType" not in body:
                return 500, {"message": "An error has occurred."}
            return 200, [self.block(id, unit) for id in body["measureIds"]
                         for unit in body["units"]]  # fmt: skip
        return 404, "<html><body>404</body></html>"

    def sources(self):
        plain = [id for id in self.names if id != GUID[2]]
        return [
            {"name": "Väntetider", "description": "", "measureIds": plain},
            {"name": "Väntetider igen", "id": "f" * 8 + "-aaaa-4bbb-8ccc-" + "f" * 12,
             "measureIds": plain[:1],
             "groups": [{"measures": [{"id": GUID[2].upper(), "title": self.names[GUID[2]]}]}]},
        ]  # fmt: skip

    def block(self, id, unit):
        county = 0 if unit == "SE" else int(unit)
        whole = [] if unit == "09" else [measurement(PER[id], county, y) for y in (2022, 2023)]
        return {"organizationId": unit, "measureId": id, "measurements": whole}


def measurement(per, county, year):
    """One year's figures."""
    percent = 10 + year % 10
    share = per * percent / 100
    return {
        "value": share, "numerator": 10 * (county + 1) * percent,
        "denominator": 1000 * (county + 1), "periodType": "Year", "type": "Measured",
        "confidenceInterval": {"low": share - per / 100, "high": share + per / 100},
        "period": {"start": f"{year}-01-01T00:00:00", "end": f"{year}-12-31T00:00:00"},
    }  # fmt: skip

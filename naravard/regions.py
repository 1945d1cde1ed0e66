"""The 21 regions of Sweden and Riket: codes, names, aliases, NUTS 3.

Codes are SCB's two-digit county codes; Kolada's id is "00" before the code. NUTS 3 codes are
Eurostat's NUTS 2021.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from numbers import Integral

from naravard.errors import NaravardError, did_you_mean


@dataclass(frozen=True)
class Region:
    """A region, or Riket, the nation.

    ``short`` is the name in tables and beside lines; ``name_sv`` the organisation's official name.
    """

    code: str  # two digits, "00" for Riket
    short: str
    name_sv: str
    name_en: str
    county_sv: str  # the county (län), "Riket" for the nation
    nuts3: str  # "SE" for the nation
    aliases: tuple[str, ...] = ()

    @property
    def kolada(self) -> str:
        """Kolada's municipality id: "0001" for Stockholm, "0000" for Riket."""
        return "00" + self.code

    def name(self, language: str = "sv") -> str:
        """Return the full name in Swedish ("sv") or English ("en")."""
        return self.name_en if language == "en" else self.name_sv

    def label(self, language: str = "sv") -> str:
        """Return the short name for tables and figures."""
        return "Sweden" if self.code == "00" and language == "en" else self.short


def _region(code, short, nuts3, *aliases, sv=None, en=None, county=None):
    return Region(
        code, short, sv or f"Region {short}", en or f"Region {short}",
        county or f"{short}s län", nuts3, aliases,
    )  # fmt: skip


REGIONS: tuple[Region, ...] = (
    _region("00", "Riket", "SE", "Sverige", "Sweden", "SE0", "nation", "hela landet",
            "hela riket", "SWE", sv="Riket", en="Sweden", county="Riket"),
    _region("01", "Stockholm", "SE110", "SLL", "Stockholms läns landsting", "Stockholm County"),
    _region("03", "Uppsala", "SE121", "Uppsala County", county="Uppsala län"),
    _region("04", "Sörmland", "SE122", "Södermanland", "Region Södermanland",
            "Södermanland County", county="Södermanlands län"),
    _region("05", "Östergötland", "SE123", "RÖ", "Östergötland County"),
    _region("06", "Jönköping", "SE211", "RJL", "Jönköping County", "Region Jönköping",
            sv="Region Jönköpings län", en="Region Jönköping County"),
    _region("07", "Kronoberg", "SE212", "Kronoberg County"),
    _region("08", "Kalmar", "SE213", "Kalmar County", "Region Kalmar",
            sv="Region Kalmar län", en="Region Kalmar County", county="Kalmar län"),
    _region("09", "Gotland", "SE214", "Gotland County", "Gotlands kommun"),
    _region("10", "Blekinge", "SE221", "Blekinge County", county="Blekinge län"),
    _region("12", "Skåne", "SE224", "Scania", "Skåne County", county="Skåne län"),
    _region("13", "Halland", "SE231", "Halland County"),
    _region("14", "Västra Götaland", "SE232", "VGR", "Region Västra Götaland",
            "Västra Götaland County", "Västra Götaland region",
            sv="Västra Götalandsregionen", en="Region Västra Götaland"),
    _region("17", "Värmland", "SE311", "Värmland County"),
    _region("18", "Örebro", "SE124", "Örebro County", "Region Örebro",
            sv="Region Örebro län", en="Region Örebro County", county="Örebro län"),
    _region("19", "Västmanland", "SE125", "Västmanland County"),
    _region("20", "Dalarna", "SE312", "Dalarna County"),
    _region("21", "Gävleborg", "SE313", "Gävleborg County"),
    _region("22", "Västernorrland", "SE321", "RVN", "Västernorrland County"),
    _region("23", "Jämtland Härjedalen", "SE322", "Jämtland", "Region Jämtland", "RJH",
            "Jämtland County", county="Jämtlands län"),
    _region("24", "Västerbotten", "SE331", "Västerbotten County"),
    _region("25", "Norrbotten", "SE332", "NLL", "Norrbotten County"),
)  # fmt: skip

CODES: tuple[str, ...] = tuple(r.code for r in REGIONS)
NATION = "00"
BY_CODE: dict[str, Region] = {r.code: r for r in REGIONS}


def fold(text: str) -> str:
    """Fold case, accents and punctuation away, so that 'ÖREBRO LÄN' and 'Orebro lan' meet."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


@cache
def _index() -> dict[str, Region]:
    index: dict[str, Region] = {}
    for r in REGIONS:
        words = (r.code, r.kolada, r.nuts3, r.short, r.name_sv, r.name_en, r.county_sv, *r.aliases)
        for word in words:
            other = index.setdefault(fold(word), r)
            assert other is r, f"'{word}' names both {other.short} and {r.short}"
    return index


def resolve(region: str | int | Region) -> Region:
    """Find a region by any of its codes or names.

    Parameters
    ----------
    region : str, int or Region
        County code ("01", also 1, because ``papermill -p region 01`` passes the integer 1),
        Kolada id ("0001"), NUTS 3 ("SE110"), Swedish or English name, county or a common alias
        ("VGR"); case and accents do not matter.

    Returns
    -------
    Region

    Raises
    ------
    NaravardError
        If nothing fits; the message names the closest match.

    Examples
    --------
    >>> resolve("vgr").code, resolve(1).short, resolve("SE232").short
    ('14', 'Stockholm', 'Västra Götaland')
    """
    if isinstance(region, Region):
        return region
    if isinstance(region, bool) or not isinstance(region, str | Integral):
        raise NaravardError(f"a region is a code or a name, not {region!r}")
    given = region.strip() if isinstance(region, str) else f"{int(region):02d}"
    key = fold(given.zfill(2) if given.isdecimal() else given)
    found = _index().get(key)
    if found:
        return found
    names = {name: r for r in REGIONS for name in (r.short, r.name_sv, r.name_en, *r.aliases)}
    folded = {fold(name): name for name in names}
    hint = did_you_mean(key, folded, limit=0)
    if hint:
        name = folded[hint.split("'")[1]]
        raise NaravardError(
            f"unknown region '{given}': did you mean '{name}' ({names[name].code})?"
        )
    raise NaravardError(
        f"unknown region '{given}': the codes run from '00' (Riket) and '01' (Stockholm) to "
        "'25' (Norrbotten); `naravard list regions` shows them all"
    )

"""Which region a row of a published table is about, by codes or names as publishers write them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

from naravard.errors import NaravardError
from naravard.regions import BY_CODE, NATION, REGIONS, Region, fold, resolve
from naravard.sources.answers import SourceError

#: What is no region: a municipality, a group, a part of the country.
OTHER = "other"
_CODED = re.compile(r"(\d{1,4})(?:[\s.:–-]+(\D.*))?")
_FOOTNOTE = re.compile(r"(?<=\w)\s*(?:\*+|[¹²³⁴⁵]|\s\d\)|\(\d\))+$")
_COUNTY_COUNCIL = re.compile(r"landstinget (?:i )?(.+)")
_KOLADA_GROUP = re.compile(r"G\d+")
_GROUP = re.compile(r"(alla|samtliga|ovriga|region|kommun|grupp)")
# So near to a region's name no municipality's name lies, but for those that are the same.
_CLOSE = 0.85


def named(name: str) -> Region | None:
    """Find a region by its name, also "Landstinget Blekinge" and "Skåne läns landsting".

    A footnote mark after the name does not count.
    """
    plain = _FOOTNOTE.sub("", name.strip())
    council = _COUNTY_COUNCIL.fullmatch(fold(plain))
    for form in (plain, re.sub(r" landsting$", "", plain), council[1] if council else plain):
        for spelled in (form, re.sub(r"läns$", "län", form)):
            try:
                return resolve(spelled)
            except NaravardError:
                continue
    return None


@cache
def _names() -> dict[str, Region]:
    return {fold(n): r for r in REGIONS for n in (r.short, r.name_sv, r.county_sv)}


def looks_like_region(name: str) -> bool:
    """Whether a name that is no region's seems to be meant as one."""
    words = fold(name).split()
    if not words:
        return False
    return (
        words[0] in ("region", "landstinget")
        or words[-1] in ("lan", "landsting")
        or words[-1].endswith("regionen")
        or bool(difflib.get_close_matches(" ".join(words), _names(), n=1, cutoff=_CLOSE))
    )


def _formal(name: str) -> bool:
    """Whether a name says itself that a region or county is meant: "Region X", "X län"."""
    words = fold(name).split()
    return bool({"region", "lan", "landsting", "landstinget"} & {*words}) or any(
        word.endswith("regionen") for word in words
    )


#: Regions whose short name is a municipality's, too: the largest city of the county.
HOMONYMS = {fold(BY_CODE[code].short) for code in ("01", "03", "06", "08", "18")}


def _code_or_group(name: str) -> bool:
    return bool(_CODED.fullmatch(name) or _KOLADA_GROUP.fullmatch(name))


class Places:
    """Tell the regions of one table's rows.

    Parameters
    ----------
    names : iterable of str
        The names in the column of regions, of rows with values: how the others are named decides
        whether "Uppsala" is the region or the municipality.
    municipal : bool
        Whether the column's heading speaks of municipalities.
    """

    def __init__(self, names: Iterable[str], municipal: bool):
        spoken = {name for name in names if name and not _code_or_group(name)}
        known = {name: named(name) for name in spoken}
        short = {n for n, r in known.items() if r and r.code != NATION and fold(n) not in HOMONYMS}
        others = any(not r and not _GROUP.match(fold(name)) for name, r in known.items())
        self._formal = any(_formal(name) for name in short)
        self._regions_only = not others and (not municipal or bool(short))

    def find(self, cell: str) -> str | None:
        """Return a region's code, `OTHER`, or None if the cell names no place that is known.

        Raises
        ------
        SourceError
            If it is a code or a name that seems to be a region's but is not, code and name
            disagree, or "Uppsala" can be the region or the municipality.
        """
        coded = _CODED.fullmatch(cell)
        if coded:
            return self._by_code(coded[1], coded[2] or "")
        if _KOLADA_GROUP.fullmatch(cell):
            return OTHER
        region = named(cell)
        if region and fold(cell) in HOMONYMS:
            if self._formal:
                return OTHER
            if not self._regions_only:
                raise SourceError(
                    f"'{cell}' can be the region or the municipality: export with codes, or "
                    f"write '{region.name_sv}'"
                )
        if region:
            return region.code
        if looks_like_region(cell):
            try:
                resolve(cell)
            except NaravardError as error:
                raise SourceError(str(error)) from error
        return None

    @staticmethod
    def _by_code(digits: str, name: str) -> str:
        number = int(digits)
        code = f"{number:02d}"
        if number >= 100 and f"{number:04d}"[:2] in BY_CODE:
            return OTHER
        if code not in BY_CODE:
            raise SourceError(f"the code '{digits}' is no region's and no municipality's")
        other = named(name) if name else None
        if other and other.code != code:
            raise SourceError(f"code '{digits}' is {BY_CODE[code].short}, but the name is '{name}'")
        return code

import pytest

from naravard.errors import NaravardError
from naravard.regions import CODES, REGIONS, resolve


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (1, "01"), (0, "00"), ("1", "01"), ("01", "01"), ("0001", "01"), ("0000", "00"),
        ("SE110", "01"), ("SE232", "14"), ("vgr", "14"), ("VÄSTRA GÖTALANDSREGIONEN", "14"),
        ("Region Jämtland Härjedalen", "23"), ("jamtland", "23"), ("Orebro lan", "18"),
        ("Södermanland", "04"), ("Riket", "00"), ("Sweden", "00"), ("Scania", "12"),
        ("Kalmar län", "08"), (" Gotland ", "09"), ("Region Jönköping County", "06"),
    ],
)  # fmt: skip
def test_resolve_takes_codes_and_names(given, code):
    assert resolve(given).code == code


def test_a_region_resolves_to_itself_by_each_of_its_own_names():
    for region in REGIONS:
        for name in (region.code, region.kolada, region.nuts3, region.short, region.name_sv,
                     region.name_en, region.county_sv, *region.aliases, region):  # fmt: skip
            assert resolve(name) is region


def test_there_are_21_regions_and_riket_with_the_county_codes_of_scb():
    assert len(CODES) == 22
    # SCB's county codes: 02, 11, 15 and 16 went out of use when counties were merged.
    assert set(CODES) == {f"{n:02d}" for n in range(26)} - {"02", "11", "15", "16"}
    assert len({r.nuts3 for r in REGIONS}) == 22


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("Upsala", "unknown region 'Upsala': did you mean 'Uppsala' (03)?"),
        ("Norbotten", "did you mean 'Norrbotten' (25)?"),
        ("VGRR", "did you mean 'VGR' (14)?"),
        ("0114", "unknown region '0114'"),
        (99, "unknown region '99'"),
        (True, "not True"),
        (None, "not None"),
    ],
)
def test_an_unknown_region_is_one_sentence_with_the_closest_match(given, message):
    with pytest.raises(NaravardError) as error:
        resolve(given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)

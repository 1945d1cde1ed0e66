"""`naravard data add`: files that people have go through the same checks as what is fetched."""

import pytest
from support.place import everything, naravard_here

from naravard.data import load, raw
from naravard.data.fetch import add
from naravard.errors import NaravardError
from naravard.regions import BY_CODE

ID = "emergency_visits_80plus"


@pytest.fixture
def export(collection, tmp_path):
    """Write the indicator's values as a site would, changed as a test wants."""
    rows = load.load_indicator(ID)
    wide = rows.pivot(index="region", columns="year", values="value")

    def write(change=lambda wide: wide, encoding="utf-8-sig"):
        table = change(wide.copy())
        lines = [";".join(["Region", *map(str, table.columns)])]
        for code, values in table.iterrows():
            texts = ["" if v != v else f"{v:.3f}".replace(".", ",") for v in values]
            lines.append(";".join([BY_CODE[code].name_sv, *texts]))
        file = tmp_path / "Kolada.csv"
        file.write_bytes(("\r\n".join(["Kolada, U79029", *lines]) + "\r\n").encode(encoding))
        return file

    return write


def _revised(wide):
    wide.loc["03", 2024], wide.loc["09", 2024] = 611.125, 722.25
    return wide


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_an_export_becomes_a_vintage_and_its_values_are_loaded(collection, export, encoding):
    told = add(export(_revised, encoding), ID)
    assert "new, " in told
    found = load.load_indicator(ID, ["03", "09"], 2024).set_index("region")["value"]
    assert found.to_dict() == {"03": 611.125, "09": 722.25}
    newest = raw.newest("kolada/U79029")
    assert newest.obtained == "Exported by a user (Kolada.csv)"
    assert raw.problems() == []


def _without_gotland(wide):
    return wide.drop(index="09")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_without_gotland, "values that are here already are not in it, for instance .* 09 "),
        (lambda wide: wide * 1000, "lies outside 0–5000 per 1,000 inhabitants"),
        (lambda wide: wide.rename(index={"03": "14"}).drop(index="01"), "14"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(collection, export, change, sentence):
    before = everything(collection)
    with pytest.raises(NaravardError, match=sentence):
        add(export(change), ID)
    assert everything(collection) == before


def test_values_go_only_if_it_is_said(collection, export):
    add(export(_without_gotland), ID, fewer=True)
    gotland = load.load_indicator(ID, "gotland")
    assert gotland["value"].isna().all() and (gotland["status"] == "missing").all()


def test_a_file_of_another_key_figure_and_a_computed_indicator_are_refused(collection, export):
    file = export()
    with pytest.raises(NaravardError, match="U79029"):
        add(file, "avoidable_inpatient_care")
    with pytest.raises(NaravardError, match="is computed from primary_care_net_cost"):
        add(file, "primary_care_cost_share")


def test_the_command_names_a_missing_file_and_the_closest_indicator(collection, export):
    done = naravard_here("data", "add", "gone.csv", "-i", ID)
    assert done.returncode == 2 and "gone.csv" in done.stderr
    done = naravard_here("data", "add", export(), "-i", ID + "s")
    assert done.returncode == 2 and f"did you mean '{ID}'?" in done.stderr

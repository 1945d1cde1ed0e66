"""Made-up series for the statistics."""

import numpy as np
import pandas as pd


def noise(generator, shape, autocorrelation):
    """Draw series of a first-order autoregression with variance one; time is the last axis."""
    values = generator.standard_normal(shape)
    for t in range(1, shape[-1]):
        fresh = np.sqrt(1 - autocorrelation**2) * values[..., t]
        values[..., t] = autocorrelation * values[..., t - 1] + fresh
    return values


def rows(values: dict[int, float], id="readmission_30d_65plus", region="03"):
    """Return observations of one region."""
    table = pd.DataFrame({"year": list(values), "value": list(values.values())})
    return table.assign(indicator=id, region=region, sex="T")

"""What the charts of a diagnosis draw: a row a layer and law, a row a layer and direction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core import INITIALIZERS
from core.diagnosis import Diagnosis
from core.diagnosis.report import describe_law

LAWS = ("he", "xavier", "glorot", "pytorch_default")


def stds(diagnosis: Diagnosis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measured: layer, std, what it is like; and by law: initializer, variant (its label), layer, std."""
    stack = diagnosis.stack
    rows = [(part.number, part.fit.std, describe_law(part, stack)) for part in stack if np.isfinite(part.fit.std)]
    laws = [
        (name, INITIALIZERS[name].label, part.number, INITIALIZERS[name].std(*part.fans, diagnosis.activation))
        for name in LAWS
        for part in stack
    ]
    return (
        pd.DataFrame(rows, columns=["layer", "std", "like"]),
        pd.DataFrame(laws, columns=["initializer", "variant", "layer", "std"]),
    )


def signals(diagnosis: Diagnosis) -> pd.DataFrame:
    """Through a plain chain: what (signal or gradient), layer, size."""
    assert diagnosis.signal is not None
    sizes_by_direction = {"signal A": diagnosis.signal.forward, "gradient dZ": diagnosis.signal.backward}
    rows = [(what, layer, size) for what, sizes in sizes_by_direction.items() for layer, size in enumerate(sizes, 1)]
    return pd.DataFrame(rows, columns=["what", "layer", "size"])

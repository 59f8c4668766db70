"""Tables of a diagnosis: a row a layer for reading, and what its charts draw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core import INITIALIZERS
from core.diagnosis import Diagnosis, Examined
from core.diagnosis.goodness import SAID
from core.wording import number, percent

LAWS = ("he", "xavier", "glorot", "pytorch_default")  # drawn whether or not they are met with
DRAWN = 3000  # singular values in a chart


def layers(found: Diagnosis) -> pd.DataFrame:
    """What was found, a row a layer, in words and numbers as they are read."""
    return pd.DataFrame([_row(each) for each in found.layers])


def _row(each: Examined) -> dict[str, object]:
    o, spectrum = each.outline, each.spectrum
    return {
        "layer": o.number,
        "name": o.name,
        "stored as": " × ".join(str(n) for n in o.stored),
        "fan in → out": f"{o.fan_in} → {o.fan_out}",
        "std": number(each.std, 3) if each.finite else "",
        "most like": like(each),
        "biases": each.biases,
        "distinct units": f"{each.distinct} of {o.units}" if each.finite else "",
        "largest σ": number(float(spectrum.values[0]), 3) if each.finite else "",
        "smallest σ": number(float(spectrum.values[-1]), 3) if spectrum.whole else "",
        "condition": number(spectrum.condition) if spectrum.whole and not np.isnan(spectrum.condition) else "",
        "rank": f"{spectrum.rank} of {min(o.units, o.fan_in)}" if spectrum.whole else "",
        "zeros": percent(each.zeros) if each.finite else "",
        "how well it fits": fits(each),
    }


def like(each: Examined) -> str:
    """The nearest start, in a few words."""
    found = each.fit
    if each.distinct == 1 < each.outline.units and found.kind == "none":
        return "one unit, copied"
    match found.kind:
        case "law":
            assert found.law is not None
            return " or ".join(dict.fromkeys(law.label for law in (found.law, *found.rivals[:2])))
        case "scaled" | "none" | "few":
            assert found.law is not None
            what = {"scaled": f"{found.shape}, ", "none": "no draw: trained or changed, ", "few": ""}[found.kind]
            return f"{what}{number(found.ratio, 3)} × {found.law.label}"
        case "orthogonal":
            return "Orthogonal" if abs(found.ratio - 1) < 0.01 else f"Orthogonal × {number(found.ratio, 3)}"
        case "constant":
            return f"constant {number(found.ratio, 3)}"
        case "zeros":
            return "Zero"
    return "not finite"


def fits(each: Examined) -> str:
    """How well it fits, and what these weights are too few to tell."""
    found = each.fit
    match found.kind:
        case "law" | "scaled":
            fit = f"fits (p = {number(found.p)})" if found.p < 1 else "fits"
            few = f"; too few weights ({each.outline.units * each.outline.fan_in:,}) to tell these apart"
            return fit + (few if found.rivals else "") + f"; a std {percent(found.seen)} off would be seen"
        case "none":
            return f"does not fit: {SAID[found.against]} (p {_below(found.p)})"
        case "few":
            return "too few weights to say"
        case "orthogonal" | "constant" | "zeros":
            return "exactly"
    return ""


def _below(p: float) -> str:
    return f"= {number(p)}" if p >= 1e-12 else "< 10⁻¹²"


def left_out(found: Diagnosis) -> pd.DataFrame:
    """The arrays that are no layer's, and why."""
    return pd.DataFrame(found.left_out, columns=["array", "left out, because it is"])


def weight_laws(found: Diagnosis) -> pd.DataFrame:
    """The std of each initializer's law by layer, and the measured one first: layer and a column a law, in order."""
    rows = []
    for each in found.layers:
        laws = {INITIALIZERS[name].label: number(std, 3) for name, std in each.laws.items() if name != "lsuv"}
        measured = number(each.std, 3) if each.finite else "not finite"
        rows.append({"layer": each.outline.number, "measured": measured} | laws)
    return pd.DataFrame(rows)


def stds(found: Diagnosis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measured: layer, std, what it is like; and by law: initializer, variant (its label), layer, std."""
    rows = [(each.outline.number, each.std, like(each)) for each in found.layers if each.finite]
    measured = pd.DataFrame(rows, columns=["layer", "std", "like"])
    met = (each.fit.law.names[0] for each in found.layers if each.fit.kind == "law" and each.fit.law)
    names = dict.fromkeys([*LAWS, *met])
    # Laws that give every layer the same std share a line, which bears the name that comes first.
    lines: dict[tuple[float, ...], str] = {}
    for name in names:
        lines.setdefault(tuple(float(f"{each.laws[name]:.9g}") for each in found.layers), name)
    laws = pd.DataFrame(
        {"initializer": name, "variant": INITIALIZERS[name].label, "layer": each.outline.number, "std": std}
        for line, name in lines.items()
        for each, std in zip(found.layers, line, strict=True)
    )
    return measured, laws


def spectra(found: Diagnosis) -> pd.DataFrame:
    """Singular values: layer, value; evenly chosen by rank where a layer has many, its ends always among them."""
    most = max(2, DRAWN // len(found.layers))
    frames = []
    for each in found.layers:
        if each.finite:
            values = each.spectrum.values
            keep = np.unique(np.linspace(0, len(values) - 1, min(len(values), most)).astype(int))
            frames.append(pd.DataFrame({"layer": each.outline.number, "value": values[keep]}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"layer": [], "value": []})


def signals(found: Diagnosis) -> pd.DataFrame:
    """Through the stack: what (signal or gradient), layer, expected, measured (NaN where nothing was sent)."""
    signal = found.signal
    layer = np.arange(1, len(found.layers) + 1)
    unknown = np.full(len(layer), np.nan)
    frames = [
        pd.DataFrame(
            {"what": what, "layer": layer, "expected": expected, "measured": unknown if sent is None else sent}
        )
        for what, expected, sent in (
            ("signal A", signal.expected_forward, signal.forward),
            ("gradient dZ", signal.expected_backward, signal.backward),
        )
    ]
    return pd.concat(frames, ignore_index=True)

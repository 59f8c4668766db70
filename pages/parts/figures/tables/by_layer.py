"""Tables by layer: sizes over seeds and by theory, shares, histograms, and what a law gives."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from core import INITIALIZERS, Experiment, Result
from core.theory.expectations import HOMOGENEOUS
from core.theory.mean_field import Prediction
from pages.parts.figures.tables.by_step import cross, nearest_record, spread


def layers(result: Result, quantity: str, steps: np.ndarray | None = None) -> pd.DataFrame:
    """A quantity with axes (…, record, layer): as of `spread`, by record and hidden layer.

    `steps`: those of another run's records, in the place of its own.
    """
    values = getattr(result, quantity)[:, :, nearest_record(result, steps), :-1]
    records, layers = values.shape[2:]
    return spread(values, result.experiment.labels, record=range(records), layer=range(1, layers + 1))


def theory(result: Result, predictions: Sequence[Prediction | None], quantity: str) -> pd.DataFrame:
    """A predicted quantity: variant, hidden layer, middle, low and high (about 95 % of single draws).

    The middle is the median over seeds, each of which has its own batch and output gradient. Low and high are NaN
    where single draws are known to stray further than theory says.
    """
    homogeneous = result.experiment.activation in HOMOGENEOUS
    banded = quantity == "activation_rms" or (quantity == "dz_rms" and homogeneous)
    frames = []
    for label, prediction in zip(result.experiment.labels, predictions, strict=True):
        if prediction is None:
            continue
        middle = np.median(prediction.median(quantity)[:, :-1], axis=0)
        spread = prediction.spread(quantity)[:, :-1].mean(axis=0) if banded else np.nan
        with np.errstate(over="ignore"):
            low, high = (middle * np.exp(side * 1.96 * spread) for side in (-1, 1))
        layer = np.arange(1, len(middle) + 1)
        sizes = {"layer": layer, "middle": middle, "low": low, "high": high}
        frames.append(pd.DataFrame({"variant": label} | sizes))
    nothing = pd.DataFrame(columns=["variant", "layer", "middle", "low", "high"])
    return pd.concat(frames or [nothing], ignore_index=True)


def shares(result: Result, variant: int) -> pd.DataFrame:
    """Saturated pairs and dead units of a variant: what, and as of `layers`.

    NaN where no signal is a number: a slope that is none is neither saturated nor dead.
    """
    values = np.stack([result.saturated[variant], result.dead[variant]])
    known = np.where(np.isfinite(result.activation_rms[variant]), values, np.nan)[..., :-1]
    records, layers = known.shape[2:]
    table = spread(known, ["saturated", "dead"], record=range(records), layer=range(1, layers + 1))
    return table.rename(columns={"variant": "what"}).drop(columns="overflow")


def histograms(result: Result, variant: int) -> pd.DataFrame:
    """The distribution of activations: record (first and last), hidden layer, low, high, share.

    Over the seeds that have numbers there; exact_zeros counts them.
    """
    shares, edges = _mean_histograms(result, variant)[0][..., :-1], result.histogram_edges
    record, layer, bin_ = np.nonzero(shares > 0)
    bins = {"low": edges[bin_], "high": edges[bin_ + 1], "share": shares[record, layer, bin_]}
    return pd.DataFrame({"record": record, "layer": layer + 1} | bins)


def exact_zeros(result: Result, variant: int) -> pd.DataFrame:
    """Activations that are exactly 0: record (as above), hidden layer, share, left, seeds."""
    shares, left = _mean_histograms(result, variant)
    records, layers = left.shape
    counts = {"share": shares[..., -1].ravel(), "left": left.ravel(), "seeds": result.experiment.seeds}
    return pd.DataFrame(cross(record=range(records), layer=range(1, layers + 1)) | counts)


def _mean_histograms(result: Result, variant: int) -> tuple[np.ndarray, np.ndarray]:
    """Means (record, layer, bin) over the seeds that have numbers, and how many do."""
    histograms = result.histograms[variant, :, :, :-1]
    known = histograms.sum(axis=-1) > 0
    left = known.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(known[..., None], histograms, 0).sum(axis=0) / left[..., None], left


def weight_std(experiment: Experiment) -> pd.DataFrame:
    """The std of weights by law and gain: initializer, variant (its label), layer, fans, std."""
    return pd.DataFrame(
        {
            "initializer": variant.initializer,
            "variant": variant.label,
            "layer": layer,
            "fans": f"{fan_in} → {fan_out}",
            "std": variant.gain * INITIALIZERS[variant.initializer].std(fan_in, fan_out, experiment.activation),
        }
        for variant in experiment.variants
        for layer, (fan_in, fan_out) in enumerate(pairwise(experiment.sizes), start=1)
    )

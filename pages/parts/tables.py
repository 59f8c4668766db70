"""Result → tidy DataFrame: one row a mark, columns named as charts read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from core import ACTIVATIONS, INITIALIZERS, Experiment, Result
from core.claims import Finding
from core.measures import final_accuracy, final_loss, paired_ratio
from core.theory import Prediction


def layers(result: Result, quantity: str, record: int = 0, *, output: bool = False) -> pd.DataFrame:
    """A quantity with axes (…, record, layer), at one record: variant, layer, low, middle (median), high over seeds."""
    values = getattr(result, quantity)[:, :, record]
    values = values if output else values[..., :-1]
    return _spread(values, result.experiment.labels, "layer", np.arange(1, values.shape[-1] + 1))


def theory(result: Result, predictions: Sequence[Prediction | None], quantity: str) -> pd.DataFrame:
    """A predicted quantity by hidden layer: variant, layer, middle, and low, high: where 95 % of single draws fall."""
    frames = []
    for label, prediction in zip(result.experiment.labels, predictions, strict=True):
        if prediction is None:
            continue
        middle = getattr(prediction, quantity)[:-1]
        spread = {"activation_rms": prediction.forward_spread, "dz_rms": prediction.backward_spread}.get(quantity)
        spread = np.full(len(middle), np.nan) if spread is None else spread[:-1]
        # Of a log-normal size the theory predicts the mean square; its median is lower by the square of the spread.
        with np.errstate(over="ignore"):
            low, high = (middle * np.exp(-(spread**2) + side * 1.96 * spread) for side in (-1, 1))
        layer = np.arange(1, len(middle) + 1)
        frames.append(pd.DataFrame({"variant": label, "layer": layer, "middle": middle, "low": low, "high": high}))
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["variant", "layer", "middle", "low", "high"])
    )


def steps(result: Result, quantity: str) -> pd.DataFrame:
    """A quantity with axes (…, step): variant, step, low, middle (median), high over the seeds still finite."""
    values = getattr(result, quantity)
    at = np.arange(values.shape[-1])
    keep = np.unique(np.linspace(0, len(at) - 1, min(len(at), 250)).astype(int))
    return _spread(values[..., keep], result.experiment.labels, "step", at[keep])


def records(result: Result, quantity: str, layer: int | None = None) -> pd.DataFrame:
    """A quantity at the recorded steps, of one layer (from 0) where it has layers: variant, step, low, middle, high."""
    values = getattr(result, quantity)
    values = values if layer is None else values[..., layer]
    return _spread(values, result.experiment.labels, "step", result.recorded_steps)


def test_accuracy(*results: Result) -> pd.DataFrame:
    """Test accuracy at the recorded steps of some results together: variant, step, low, middle, high."""
    return pd.concat([records(result, "test_accuracy") for result in results], ignore_index=True)


def losses(*results: Result) -> pd.DataFrame:
    """The loss by step of some results together: variant, step, low, middle, high."""
    return pd.concat([steps(result, "loss") for result in results], ignore_index=True)


def rounding(result: Result, variant: int, layer: int) -> float:
    """The difference up to which units of that layer (from 0) count as identical at the end, over the seeds."""
    return float(np.nanmax(result.rounding[variant, :, :, layer], initial=0.0))


def _spread(values: np.ndarray, labels: Sequence[str], axis: str, positions: np.ndarray) -> pd.DataFrame:
    """Lowest, median and highest seed of (variant, seed, position), of the finite seeds where any is finite."""
    finite = np.isfinite(values)
    some = finite.any(axis=1)
    filled = np.where(finite, values, np.nan)
    safe = np.where(some[:, None], filled, 0.0)
    frames = []
    for v, label in enumerate(labels):
        frames.append(
            pd.DataFrame(
                {
                    "variant": label,
                    axis: positions,
                    "low": np.where(some[v], np.nanmin(safe[v], axis=0), np.nan),
                    "middle": np.where(some[v], np.nanmedian(safe[v], axis=0), np.nan),
                    "high": np.where(some[v], np.nanmax(safe[v], axis=0), np.nan),
                    "overflow": np.isposinf(values[v]).any(axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def divergences(result: Result) -> pd.DataFrame:
    """Where runs met their first number that is not finite: variant, step, layer, seeds."""
    rows = [
        {"variant": label, "step": int(at), "layer": int(layer)}
        for v, label in enumerate(result.experiment.labels)
        for at, layer in zip(result.diverged_at[v], result.diverged_layer[v], strict=True)
        if at >= 0
    ]
    table = pd.DataFrame(rows, columns=["variant", "step", "layer"])
    return table.groupby(["variant", "step", "layer"], as_index=False).size().rename(columns={"size": "seeds"})


def finals(result: Result) -> pd.DataFrame:
    """How every run ended: variant, seed, accuracy (test), loss (both NaN where it diverged), diverged_at."""
    accuracy, loss = np.where(result.diverged_at >= 0, np.nan, final_accuracy(result)), _final_losses(result)
    return pd.DataFrame(
        {
            "variant": label,
            "seed": s,
            "accuracy": accuracy[v, s],
            "loss": loss[v, s],
            "diverged_at": int(result.diverged_at[v, s]),
        }
        for v, label in enumerate(result.experiment.labels)
        for s in range(result.experiment.seeds)
    )


def shares(result: Result, variant: int, record: int = 0) -> pd.DataFrame:
    """Saturated pairs and dead units of one variant: what, layer, low, middle, high over seeds.

    NaN where no seed's signal is a number: a slope that is not a number is neither saturated nor dead.
    """
    told = np.isfinite(result.activation_rms[variant : variant + 1, :, record, :-1])
    at = np.arange(1, told.shape[-1] + 1)
    frames = [
        _spread(np.where(told, values[variant : variant + 1, :, record, :-1], np.nan), [what], "layer", at)
        for what, values in (("saturated", result.saturated), ("dead", result.dead))
    ]
    return pd.concat(frames, ignore_index=True).rename(columns={"variant": "what"}).drop(columns="overflow")


def norm_map(result: Result, variant: int) -> pd.DataFrame:
    """Gradient norm of every layer at up to 60 steps, geometric mean over seeds: step, next (step), layer, norm."""
    values = result.layer_gradient_norm[variant]
    at = np.unique(np.linspace(0, values.shape[1] - 1, min(values.shape[1], 60)).astype(int))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.exp(np.log(values[:, at]).mean(axis=0))
    ends = np.append(at[1:], at[-1] + max(1, at[-1] - at[-2] if len(at) > 1 else 1))
    layer, step = np.meshgrid(np.arange(1, means.shape[1] + 1), np.arange(len(at)))
    return pd.DataFrame(
        {"step": at[step.ravel()], "next": ends[step.ravel()], "layer": layer.ravel(), "norm": means.ravel()}
    )


def histograms(result: Result, variant: int, moment: int = 0) -> pd.DataFrame:
    """Shares of the activations of all seeds, by hidden layer and bin: layer, low, high (edges), share."""
    shares = _mean_of_finite(result.histograms[variant, :, moment, :-1, :-1])
    edges = result.histogram_edges
    layer, bin_ = np.meshgrid(np.arange(len(shares)), np.arange(shares.shape[1]), indexing="ij")
    table = pd.DataFrame(
        {
            "layer": layer.ravel() + 1,
            "low": edges[bin_.ravel()],
            "high": edges[bin_.ravel() + 1],
            "share": shares.ravel(),
        }
    )
    return table[table["share"] > 0]


def exact_zeros(result: Result, variant: int, moment: int = 0) -> pd.DataFrame:
    """The share of activations that are exactly zero, by hidden layer: layer, share."""
    zeros = _mean_of_finite(result.histograms[variant, :, moment, :-1, -1])
    return pd.DataFrame({"layer": np.arange(1, len(zeros) + 1), "share": zeros})


def _mean_of_finite(values: np.ndarray) -> np.ndarray:
    """The mean over seeds (seed, …) of those that are numbers; NaN where none is."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)


def unit_rows(result: Result, variants: Sequence[int], units: int = 32) -> pd.DataFrame:
    """[W^[1]] of the first seed, a row a unit and input, a column s0, s1, … a record: variant, unit, input, s0 …"""
    frames = []
    for v in variants:
        weights = result.first_weights[v, :, :units, :-1][:, :, _inputs(result)]
        records_, n, k = weights.shape
        unit, column = np.meshgrid(np.arange(1, n + 1), np.arange(1, k + 1), indexing="ij")
        frame = pd.DataFrame({"variant": result.experiment.labels[v], "unit": unit.ravel(), "input": column.ravel()})
        cells = {f"s{r}": weights[r].ravel() for r in range(records_)}
        frames.append(pd.concat([frame, pd.DataFrame(cells)], axis=1))
    return pd.concat(frames, ignore_index=True)


def _inputs(result: Result) -> np.ndarray:
    """At most 64 inputs, so that the picture stays one of cells."""
    return np.arange(min(64, result.first_weights.shape[-1] - 1))


def weight_std(sizes: Sequence[int], initializers: Sequence[str], activation: str) -> pd.DataFrame:
    """The law's std of a weight, by layer: initializer, variant (its label), layer, fans, std."""
    return pd.DataFrame(
        {
            "initializer": name,
            "variant": INITIALIZERS[name].label,
            "layer": layer,
            "fans": f"{fan_in} → {fan_out}",
            "std": INITIALIZERS[name].std(fan_in, fan_out, activation),
        }
        for name in initializers
        for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1)
    )


def best(result: Result) -> int:
    """The variant with the lowest final loss of those in which no seed diverged, else the first."""
    means = _final_losses(result).mean(axis=1)
    return int(np.nanargmin(means)) if np.isfinite(means).any() else 0


def paired(result: Result, reference: int) -> pd.DataFrame:
    """Final loss over the reference's, on the same draws: variant, ratio, low, high (95 %), clear."""
    rows = []
    for v, label in enumerate(result.experiment.labels):
        if v != reference:
            difference = paired_ratio(result, v, reference)
            rows.append(
                {
                    "variant": label,
                    "ratio": difference.ratio,
                    "low": difference.low,
                    "high": difference.high,
                    "clear": difference.clear,
                }
            )
    return pd.DataFrame(rows, columns=["variant", "ratio", "low", "high", "clear"])


def match(results: Sequence[Result]) -> pd.DataFrame:
    """One result an activation: activation, variant, loss (geometric mean of final losses), diverged (seeds), seeds."""
    rows = []
    for result in results:
        losses = _final_losses(result)
        for v, label in enumerate(result.experiment.labels):
            finite = losses[v][np.isfinite(losses[v])]
            lost = int((result.diverged_at[v] >= 0).sum())
            rows.append(
                {
                    "activation": ACTIVATIONS[result.experiment.activation].label,
                    "variant": label,
                    "loss": _geometric_mean(finite) if finite.size and not lost else np.nan,
                    "diverged": lost,
                    "seeds": result.experiment.seeds,
                }
            )
    return pd.DataFrame(rows)


def _geometric_mean(values: np.ndarray) -> float:
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))


def clipped_norms(result: Result, variant: int) -> pd.DataFrame:
    """Gradient norms before and after clipping: kind, step, low, middle, high over seeds."""
    frames = [
        steps(result, quantity).query("variant == @label").assign(kind=kind)
        for quantity, kind in (("gradient_norm", "before clipping"), ("applied_norm", "after clipping"))
        for label in (result.experiment.labels[variant],)
    ]
    return pd.concat(frames, ignore_index=True).drop(columns=["variant", "overflow"])


def norm_bins(result: Result, variant: int, threshold: float, bins: int = 30) -> pd.DataFrame:
    """Norms before clipping over steps and seeds, in bins even in the logarithm: what, low, high, share, clipped.

    What no bin can hold has a row without edges: the shares of exact zeros, and of what is not a number.
    """
    norms = result.gradient_norm[variant].ravel()
    held = norms[np.isfinite(norms) & (norms > 0)]
    rest = {"exactly 0": (norms == 0).mean(), "not a number": (~np.isfinite(norms)).mean()}
    outside = pd.DataFrame(
        {"what": what, "low": np.nan, "high": np.nan, "share": float(share), "clipped": False}
        for what, share in rest.items()
    )
    if not held.size:
        return outside[outside["share"] > 0]
    low, high = np.log10(held.min()), np.log10(held.max())
    edges = 10 ** np.linspace(low, high if high > low else low + 0.1, bins + 1)
    edges[0], edges[-1] = min(edges[0], held.min()), max(edges[-1], held.max())
    # The threshold is an edge, so that no bin is half clipped.
    if edges[0] < threshold < edges[-1]:
        edges = np.unique(np.append(edges, threshold))
    counts, _ = np.histogram(held, edges)
    table = pd.DataFrame({"what": "norm", "low": edges[:-1], "high": edges[1:], "share": counts / norms.size})
    table["clipped"] = table["low"] >= threshold * (1 - 1e-9)
    table = pd.concat([table, outside], ignore_index=True)
    return table[table["share"] > 0]


def angles(result: Result, variant: int) -> pd.DataFrame:
    """Angle between the raw and the applied gradient, in degrees: step, low, middle, high over seeds."""
    told = np.isfinite(result.gradient_norm[variant : variant + 1])
    cosine = np.where(told, result.clip_cosine[variant : variant + 1], np.nan)
    degrees = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    at = np.arange(degrees.shape[-1])
    return _spread(degrees, ["angle"], "step", at).drop(columns=["variant", "overflow"])


def sweep(*results: Result) -> pd.DataFrame:
    """Final losses of variants that differ by their threshold: threshold, seed, loss (NaN: diverged)."""
    return pd.DataFrame(
        {"threshold": variant.clip.threshold, "seed": seed, "loss": loss}
        for result in results
        for variant, losses_ in zip(result.experiment.variants, _final_losses(result), strict=True)
        if variant.clip is not None
        for seed, loss in enumerate(losses_)
    )


def _final_losses(result: Result) -> np.ndarray:
    """As measures.final_loss (variant, seed), and NaN as well where a run diverged within its last steps."""
    return np.where(result.diverged_at >= 0, np.nan, final_loss(result))


def points(finding: Finding) -> pd.DataFrame:
    """What a finding shows: series, x, low, middle, high, and whether x counts or names."""
    return pd.DataFrame(
        [{"series": p.series, "x": p.x, "low": p.low, "middle": p.value, "high": p.high} for p in finding.points]
    )


def experiments(named: Mapping[str, Experiment]) -> pd.DataFrame:
    """The experiments of a claim, a row each: what was trained, how often and for how long."""
    rows = [
        {
            "experiment": name,
            "data": e.dataset,
            "hidden layers": " · ".join(map(str, e.hidden)) if len(set(e.hidden)) > 1 else _repeated(e.hidden),
            "activation": e.activation,
            "starts": ", ".join(e.labels),
            "seeds": e.seeds,
            "steps": e.steps,
            "batch": e.batch_size,
            "format": e.dtype,
        }
        for name, e in named.items()
    ]
    return pd.DataFrame(rows)


def _repeated(hidden: Sequence[int]) -> str:
    return f"{len(hidden)} × {hidden[0]}" if hidden else "none"

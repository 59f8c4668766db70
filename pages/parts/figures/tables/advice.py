"""The advice as tables: its starts, their learning rates, and what each library calls each law."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from core import ACTIVATIONS, INITIALIZERS, Result
from core.advice import Advice, InitializerOutcome, Question
from core.advice.library_names import SOURCES, mark_name
from core.advice.planning import TWINS
from core.advice.recommendation import DEFAULTS
from core.theory.gains import find_fixed_point, preserving_gain
from core.wording import number, percent

_LAWS = pd.Index([law.label for law in INITIALIZERS.values()], name="initializer")


def ranking(advice: Advice) -> pd.DataFrame:
    """A row a start in the advice's order: name, variant, loss, low, high, standing, words."""
    table = pd.DataFrame(advice.starts)[["name", "loss", "low", "high", "standing"]]
    labels, words = [start.label for start in advice.starts], list(map(describe_standing, advice.starts))
    return table.assign(variant=labels, words=words)


def describe_standing(start: InitializerOutcome) -> str:
    """How a start compares with the recommended one, in a few words."""
    if start.lost:
        return f"✕ {start.lost} of {start.seeds} overflow"
    factor = f"× {number(start.ratio)}"
    words = {"recommended": "★ first choice", "tied": "= tie", "stalled": "no better than chance"}
    return (words | {"uncertain": f"{factor}, uncertain"}).get(start.standing, factor)


def searched(advice: Advice) -> pd.DataFrame:
    """Every learning rate tried, in the advice's order: variant, rate, loss (NaN: diverged), lost."""
    table = pd.DataFrame(
        {"variant": start.label, "rate": rate, "loss": loss}
        for start in advice.starts
        for rate, loss in advice.measured.searched[start.name].items()
    )
    lost = np.isinf(table["loss"])
    return table.assign(loss=table["loss"].mask(lost), lost=np.where(lost, "✕", ""))


def usual_losses(advice: Advice) -> Result:
    """The losses of the recommended start and the libraries' defaults, as a result."""
    result = advice.measured.results[0]
    names = [start.name for start in advice.starts if start.name in DEFAULTS or start.standing == "recommended"]
    trained_as = {TWINS.get(name, name): name for name in reversed(names)}  # the recommended one goes by its own name
    watched = [v for v, variant in enumerate(result.experiment.variants) if variant.initializer in trained_as]
    variants = (result.experiment.variants[v] for v in watched)
    named = tuple(replace(v, initializer=trained_as[v.initializer], label="") for v in variants)
    return replace(result, experiment=replace(result.experiment, variants=named), loss=result.loss[watched])


def endings(advice: Advice) -> pd.DataFrame:
    """How the starts end, a row each, as words to read."""
    rows = {
        start.label: {
            "loss compared with ★": describe_standing(start),
            "validation loss": number(start.loss) if not start.lost else "–",
            "accuracy": _percent(start.accuracy),
            "training loss": number(start.training_loss) if np.isfinite(start.training_loss) else "–",
        }
        for start in advice.starts
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("start")


def beginnings(advice: Advice) -> pd.DataFrame:
    """What the starts are like before the first step, a row each, as words to read."""
    rows = {
        start.label: {
            "signal per layer": _spread(start.forward),
            "gradient per layer": _spread(start.backward),
            "saturated": _percent(start.saturated),
            "dead": _percent(start.dead),
        }
        for start in advice.starts
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("start")


def names() -> pd.DataFrame:
    """Every law's name in each library, under a link to where the library says what it means."""
    columns = {
        f"[{library}]({source})": [mark_name(law, library) for law in INITIALIZERS]
        for library, source in SOURCES.items()
    }
    return pd.DataFrame(columns, _LAWS)


def stds(question: Question) -> pd.DataFrame:
    """Every law's std of the weights of the first two and the last two layers."""
    columns, fans = {}, list(pairwise(question.sizes))
    for layer, pair in enumerate(fans, start=1):
        if layer <= 2 or layer > len(fans) - 2:
            columns[f"layer {layer}"] = [
                "by data" if law.fits_data else f"{law.std(*pair, question.activation):.3g}"
                for law in INITIALIZERS.values()
            ]
    return pd.DataFrame(columns, _LAWS)


def gains() -> pd.DataFrame:
    """What the gain that keeps the signal, and PyTorch's other ones, do to the gradient, by activation."""
    found = {activation.label: preserving_gain(name) for name, activation in ACTIVATIONS.items()} | {
        "tanh at 5/3 (PyTorch)": find_fixed_point("tanh", 5 / 3),
        "SELU at 3/4 (PyTorch)": find_fixed_point("selu", 3 / 4),
    }
    columns = {
        "gain": [f"{gain.gain:.4g}" for gain in found.values()],
        "rms of A": [f"{gain.rms:.3f}" for gain in found.values()],
        "gradient per layer": [f"{np.sqrt(gain.chi):.3f}" for gain in found.values()],
    }
    return pd.DataFrame(columns, pd.Index(found, name="activation"))


def _percent(share: float) -> str:
    return percent(share) if np.isfinite(share) else "–"


def _spread(factor: tuple[float, float, float]) -> str:
    low, middle, high = factor
    return f"{number(middle)} ({number(low)} to {number(high)})" if np.isfinite(middle) else "–"

"""The advice as tables: a row a start, its search over learning rates, and what each library calls each law."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core import ACTIVATIONS, INITIALIZERS, Result
from core.advice import Advice, InitializerOutcome, Question, tabulate_laws
from core.advice.library_names import SOURCES
from core.advice.planning import TWINS
from core.advice.recommendation import DEFAULTS
from core.theory.gains import find_fixed_point, preserving_gain
from core.wording import number, percent

ENDS = 2  # layers at each end whose stds are shown
WORDS = {
    "recommended": "★ first choice",
    "tied": "= tie",
    "stalled": "no better than chance",
}


def ranking(advice: Advice) -> pd.DataFrame:
    """A row a start in the advice's order: name, variant, loss, low, high, standing, words."""
    names = ("name", "loss", "low", "high", "standing")
    return pd.DataFrame(
        {name: getattr(start, name) for name in names} | {"variant": start.label, "words": describe_standing(start)}
        for start in advice.starts
    )


def describe_standing(start: InitializerOutcome) -> str:
    """How a start compares with the recommended one, in a few words."""
    if start.lost:
        return f"✕ {start.lost} of {start.seeds} overflow"
    factor = f"× {number(start.ratio)}"
    return f"{factor}, uncertain" if start.standing == "uncertain" else WORDS.get(start.standing, factor)


def searched(advice: Advice) -> pd.DataFrame:
    """Every learning rate tried, in the advice's order: variant, rate, loss (NaN: diverged), lost."""
    return pd.DataFrame(
        {
            "variant": start.label,
            "rate": rate,
            "loss": loss if np.isfinite(loss) else np.nan,
            "lost": "✕" if np.isinf(loss) else "",
        }
        for start in advice.starts
        for rate, loss in advice.measured.searched[start.name].items()
    )


def usual_losses(advice: Advice) -> Result:
    """The part of the comparison that is of the recommended start and the libraries' defaults: losses alone."""
    result = advice.measured.results[0]
    names = [start.name for start in advice.starts if start.name in DEFAULTS or start.standing == "recommended"]
    trained_as = {TWINS.get(name, name): name for name in reversed(names)}  # the recommended one goes by its own name
    watched = [v for v, variant in enumerate(result.experiment.variants) if variant.initializer in trained_as]
    variants = (result.experiment.variants[v] for v in watched)
    named = tuple(replace(v, initializer=trained_as[v.initializer], label="") for v in variants)
    return replace(result, experiment=replace(result.experiment, variants=named), loss=result.loss[watched])


def endings(advice: Advice) -> pd.DataFrame:
    """How the starts end, a row each, as words to read; their learning rates are on the chart of all rates."""
    rows = [
        {
            "start": start.label,
            "loss compared with ★": describe_standing(start),
            "validation loss": number(start.loss) if not start.lost else "–",
            "accuracy": _percent(start.accuracy),
            "training loss": number(start.training_loss) if np.isfinite(start.training_loss) else "–",
        }
        for start in advice.starts
    ]
    return pd.DataFrame(rows).set_index("start")


def beginnings(advice: Advice) -> pd.DataFrame:
    """What the starts are like before the first step, a row each, as words to read."""
    rows = [
        {
            "start": start.label,
            "signal per layer": _spread(start.forward),
            "gradient per layer": _spread(start.backward),
            "saturated": _percent(start.saturated),
            "dead": _percent(start.dead),
        }
        for start in advice.starts
    ]
    return pd.DataFrame(rows).set_index("start")


def names(question: Question) -> pd.DataFrame:
    """Every law's name in each library, under a link to where the library says what it means."""
    headings = [f"[{library}]({source})" for library, source in SOURCES.items()]
    rows = [
        {"initializer": INITIALIZERS[entry.initializer].label}
        | dict(zip(headings, (name or "–" for name in entry.names), strict=True))
        for entry in tabulate_laws(question.sizes, question.activation)
    ]
    return pd.DataFrame(rows).set_index("initializer")


def stds(question: Question) -> pd.DataFrame:
    """Every law's std of the weights of the first and the last layers."""
    count = len(question.sizes) - 1
    layers = [layer for layer in range(1, count + 1) if layer <= ENDS or layer > count - ENDS]
    rows = [
        {"initializer": INITIALIZERS[entry.initializer].label}
        | {
            f"layer {layer}": "by data" if INITIALIZERS[entry.initializer].fits_data else f"{entry.stds[layer - 1]:.3g}"
            for layer in layers
        }
        for entry in tabulate_laws(question.sizes, question.activation)
    ]
    return pd.DataFrame(rows).set_index("initializer")


def gains() -> pd.DataFrame:
    """Of every activation the gain that keeps the signal, and PyTorch's other ones: what they do to the gradient."""
    found = {activation.label: preserving_gain(name) for name, activation in ACTIVATIONS.items()}
    found |= {
        "tanh at 5/3 (PyTorch)": find_fixed_point("tanh", 5 / 3),
        "SELU at 3/4 (PyTorch)": find_fixed_point("selu", 3 / 4),
    }
    rows = [
        {
            "activation": label,
            "gain": f"{gain.gain:.4g}",
            "rms of A": f"{gain.rms:.3f}",
            "gradient per layer": f"{np.sqrt(gain.chi):.3f}",
        }
        for label, gain in found.items()
    ]
    return pd.DataFrame(rows).set_index("activation")


def _percent(share: float) -> str:
    return percent(share) if np.isfinite(share) else "–"


def _spread(factor: tuple[float, float, float]) -> str:
    low, middle, high = factor
    return f"{number(middle)} ({number(low)} to {number(high)})" if np.isfinite(middle) else "–"

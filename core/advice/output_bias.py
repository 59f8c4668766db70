"""What the output bias gains that starts at the class prior: one start with it and without, on paired seeds."""

import numpy as np

from core.advice.measuring import Measured, join_folds, validation_loss
from core.advice.recommendation import FLOOR, compare
from core.initializers import INITIALIZERS
from core.wording import number, percent

NOT_MEASURED = "What the output bias gains was not measured: the training is too brief, or too few starts train."


def describe_gain(measured: Measured) -> str:
    """Two sentences: the change of the validation loss with its interval, and the loss before training both ways.

    Empty where the bias is as the initializers draw it.
    """
    if not measured.question.prior_bias:
        return ""
    if not measured.unbiased:
        return NOT_MEASURED
    variant = measured.unbiased[0].experiment.variants[0]
    place = [each.initializer for each in measured.finals[0].experiment.variants].index(variant.initializer)
    pairs = [(join_folds(measured.finals, loss)[place], join_folds(measured.unbiased, loss)[0]) for loss in _LOSSES]
    losses = np.maximum(pairs[0], FLOOR * measured.chance)  # NaN stays
    biased, unbiased = (number(float(values.mean())) for values in pairs[1])
    head = f"The output bias at the class prior, with {INITIALIZERS[variant.initializer].label}"
    start = f"Before training the loss is {biased} with it and {unbiased} without it."
    return f"{head}: {_describe_change(losses, len(measured.finals))} {start}"


_LOSSES = (validation_loss, lambda result: result.test_loss[..., 0])


def _describe_change(losses: np.ndarray, folds: int) -> str:
    """Of the mean of losses (2, seed), with the bias and without."""
    seeds = losses.shape[1]
    if not np.isfinite(losses).all():
        return f"not comparable, as {np.isnan(losses).any(axis=0).sum()} of {seeds} seeds overflow."
    ratio, low, high = compare(losses, 1, folds, 1)[:, 0]
    if low <= 1 <= high:
        return (
            f"no gain detected in {seeds} paired seeds at the same learning rate; "
            f"a difference of {percent((high - low) / 2)} would have been detected."
        )
    ends = sorted(abs(1 - end) for end in (low, high))
    return (
        f"the validation loss is {percent(abs(1 - ratio))} {'lower' if ratio < 1 else 'higher'} than without it, "
        f"with a 95\N{NO-BREAK SPACE}% interval of {percent(ends[0])} to {percent(ends[1])} in {seeds} paired seeds "
        "at the same learning rate."
    )

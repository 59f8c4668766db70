"""Zero init: how many units a network that starts with equal weights really has."""

import numpy as np

from core.experiment import Result
from core.verdicts.verdict import Ending, Verdict, choose_short, list_endings
from core.wording import count_seeds, join_words, number, whole_span


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups, widths = result.distinct_units[0, :, :, :-1], result.experiment.hidden
    groups = np.where(groups > 0, groups, np.nan)
    endings = list_endings(result)
    linear = [Ending(baseline, 0, "a linear model")] if baseline else []
    facts = _compare_ends([*endings, *linear])
    first, name = endings[0], endings[0].label
    if max(widths, default=1) == 1:
        head = "**No symmetry to break**: each hidden layer has a single unit."
        return Verdict("neutral", head, " ".join(facts))
    if (np.nanmax(groups, axis=(0, 1)) == 1).all():
        return _judge_equal_units(first, facts)
    if np.isnan(groups[:, -1]).all():
        return Verdict("bad", f"**{name} overflows**{first.overflow.removeprefix('overflows')}.", " ".join(facts))
    count = f"{whole_span(groups[:, -1])} of {widths[0]} units per layer are distinct"
    if (groups[:, 0] == 1).all():
        return _judge_rounding(first, groups, [f"After training {count}.", *facts])
    is_broken = np.nanmean(groups[:, -1] / np.array(widths)) > 0.99
    rest = f", but training {first.overflow}" if first.lost else f": {count}"
    sentence = f"**The symmetry is {'' if is_broken else 'partly '}broken**{rest}."
    details = " ".join([f"{name}: after training {count}.", *facts])
    return Verdict("good" if is_broken else "mixed", sentence, details)


def _judge_equal_units(first: Ending, facts: list[str]) -> Verdict:
    """The verdict where all units of every hidden layer stay equal until training ends or overflows."""
    result, widths = first.result, first.result.experiment.hidden
    whose = f"{widths[0]} hidden units behave" if len(set(widths)) == 1 else "Every layer behaves"
    where = "the one hidden layer" if len(widths) == 1 else f"each of the {len(widths)} hidden layers"
    steps = f"recorded step{' before an overflow' if first.lost else ''}"
    fact = f"{first.label}: this holds in {where} at every {steps}, in {count_seeds(first.seeds, first.seeds)}."
    norms = result.weight_norm[0, :, :, :-1]
    changes = np.abs(norms - norms[:, :1]), result.update_ratio[0, :, :, :-1]
    moves = any(np.nanmax(change, initial=0) > 0 for change in changes)
    is_known = np.isfinite(norms[:, 1:]).any()  # else nothing was measured after an update
    change = ": they get the same updates" if moves else ": their weights never change" if is_known else ""
    sentence = _say_until_overflow(f"**{whose} as one unit**{change}", first)
    return Verdict("bad", sentence, " ".join([fact, *facts]))


def _judge_rounding(first: Ending, groups: np.ndarray, facts: list[str]) -> Verdict:
    """The verdict where units that start equal differ later; `groups` (seed, record, layer) counts distinct units."""
    record = int(np.argmax((groups > 1).any(axis=(0, 2))))
    layers = [str(layer + 1) for layer in np.flatnonzero((groups[:, record] > 1).any(axis=0))]
    where = f"layer{'s' * (len(layers) > 1)} {join_words(layers)}"
    spread = number(np.nanmax(first.result.unit_spread[0, :, -1, :-1]))
    found = [
        f"The first difference on record is in {where}, and training amplifies it.",
        f"After training weights of two units differ by up to {spread}.",
    ]
    step = first.result.recorded_steps[record]
    head = f"**Rounding errors make the units differ**: by step {step} they are no longer identical"
    return Verdict("mixed", _say_until_overflow(head, first), " ".join([*found, *facts]))


def _say_until_overflow(head: str, ending: Ending) -> str:
    until = f", until {'training overflows' if ending.lost == ending.seeds else 'some seeds overflow'}"
    return choose_short(*(f"{head}{end}." for end in dict.fromkeys((until if ending.lost else "", ""))))


def _compare_ends(endings: list[Ending]) -> list[str]:
    first = endings[0]
    what = "Test accuracy" if first.result.has_classes else "Final loss"
    ends = [f"{ending.label} {ending.score}" for ending in endings if ending.lost < ending.seeds]
    facts = [f"{first.label} {first.overflow}, {first.first_overflow}."] if first.lost else []
    facts += [f"{what}: {join_words(ends)}."] if ends else []
    others = [f"{ending.label} {ending.overflow}." for ending in endings[1:] if ending.lost]
    return [*facts, *(each[0].upper() + each[1:] for each in others)]

"""The advice in words: what to use, how the usual ones do, and on what that was measured."""

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.advice.library_names import NAMES, find_name
from core.advice.measuring import Measured, join_folds, validation_loss
from core.advice.planning import FINALISTS, PITFALLS, is_brief, theory_law
from core.advice.question import format_sizes
from core.advice.recommendation import DEFAULTS, FLOOR, TIED, Advice, InitializerOutcome, compare
from core.datasets import dataset
from core.initializers import INITIALIZERS
from core.verdicts.verdict import Verdict, choose_short
from core.wording import count_seeds, format_setting, join_words, number, percent

LITTLE = 0.1  # of the best loss: a difference that is called none would have been seen from here on
LARGE = 20  # the largest of numbers that were not scaled, from which on it is said
CLEAR = 1.25  # times a layer: a smaller difference in what starts do to a signal is no reason
NOT_MEASURED = "What the output bias gains was not measured: the training is too brief, or too few starts train."


def verdict(advice: Advice, library: str = "PyTorch") -> Verdict:
    """What to use, by its name in a library first, and how that library's default does beside it."""
    best, question, facts = advice.recommended, advice.measured.question, _describe_measurement(advice)
    where = f"On {'random numbers' if question.on_noise else dataset(advice.measured.experiment.dataset).label}, "
    if best is None:
        head = f"{where}**no initializer tried beats guessing**"
        remedy = _describe_unscaled(advice.measured).partition(":")[0]
        steps = f"{head} in {advice.measured.experiment.steps} steps."
        sentence = choose_short(f"{head}. {remedy}." if remedy else steps, steps, f"{head}.")
        return Verdict("bad", sentence, " ".join(facts))
    if best.loss > statistics.LEARNED * advice.chance:
        facts.insert(0, f"Even with {best.label} the loss ends over half of guessing's.")
    head, law = f"{where}**use {name_in(best.name, library)}**", _theory_start(advice)
    comparison, reasons = _compare_usual(advice, best, library)
    instead = f", not {law.label}" if law is not best else ""
    return Verdict(
        "neutral",
        choose_short(f"{head}{comparison}.", f"{head}{instead}."),
        " ".join(filter(None, [explain_choice(advice, library), *reasons, *facts])),
    )


def explain_choice(advice: Advice, library: str = "PyTorch") -> str:
    """Why the recommended one is not theory's, and what its name means elsewhere; or nothing."""
    best, law = advice.recommended, _theory_start(advice)
    if best is None:
        return ""
    activation = ACTIVATIONS[advice.measured.question.activation].label
    sentences = []
    if law is not best:
        sentences += [
            f"{law.label}, theory's choice for {activation}, {_fate(law)}.",
            "Theory keeps the signal's size at the start: that matters most in deep networks, and does not promise the "
            "lowest loss.",
        ]
    words = {name.word for name in NAMES if name.initializer == best.name}
    for name in NAMES:
        if name.library == library and name.word in words and name.initializer != best.name:
            meaning = INITIALIZERS[name.initializer].label
            sentences.append(f"{library}'s `{name.written}` is another initializer, called {meaning} here.")
    return " ".join(sentences)


def _theory_start(advice: Advice) -> InitializerOutcome:
    return next(start for start in advice.starts if start.name == theory_law(advice.measured.question))


def name_in(initializer: str, library: str) -> str:
    """An initializer with its name in a library's code, if it has one: He (`kaiming_normal_`)."""
    label, name = INITIALIZERS[initializer].label, find_name(initializer, library)
    return f"{label} (`{name.written}`)" if name else label


def _describe_measurement(advice: Advice) -> list[str]:
    measured, best, experiment = advice.measured, advice.recommended, advice.measured.experiment
    misfit, clip = measured.question.misfit, measured.question.clip
    reason = f", because {misfit}" if misfit else ""
    clipped = f", gradients clipped at norm {format_setting(clip.threshold)}" if clip else ""
    seeds, fewest = (pick(start.seeds for start in advice.starts) for pick in (max, min))
    among = f", {fewest} where a start is not among the best {FINALISTS}" if seeds > fewest else ""
    accuracy, parts = statistics.chance_accuracy(experiment), len(measured.results)
    is_right = f", and is right in {percent(accuracy)}" if np.isfinite(accuracy) else ""
    own = f"Measured on random numbers{reason}: upload your own data to decide for them."
    narrow = f"Measured on narrower layers, {format_sizes(experiment.sizes)}: find the learning rate at your own width."
    sentences = [
        own if measured.question.on_noise else "",
        f"Lowest validation loss in {experiment.steps} steps of {experiment.optimizer}{clipped}, "
        f"mean of {seeds} paired seeds{among}; guessing has {number(advice.chance)}{is_right}.",
        f"Because rows are few, {parts} different fifths were held out in turn." if parts > 1 else "",
        narrow if experiment.sizes != measured.question.sizes else "",
        _describe_unscaled(measured),
        describe_gain(measured) if best else "",
    ]
    if best and not is_brief(experiment):
        if advice.tied:
            change, among_best = advice.detectable_change(), advice.detectable_change(among_best=True)
            best_alone = f", and one of {percent(among_best)} among the best" if among_best else ""
            sentences.append(
                f"In every tie with it a difference in loss of {percent(change)} would have been detected{best_alone}."
            )
        others = [start for start in advice.starts if start.name in DEFAULTS and start is not best]
        sentences += [f"{DEFAULTS[start.name]}'s default {_fate(start)}." for start in others]
    return [sentence for sentence in sentences if sentence]


def _describe_unscaled(measured: Measured) -> str:
    """What large numbers do that were left as they came; nothing where there are none."""
    question, data = measured.question, dataset(measured.experiment.dataset)
    raw = {"inputs": (question.scaling, data.X_train), "targets": (question.target_scaling, data.Y_train)}
    sizes = {name: np.abs(values).max() for name, (scaling, values) in raw.items() if scaling == "raw"}
    large = {name: size for name, size in sizes.items() if size > LARGE}
    if not large:
        return ""
    return f"Standardize the {join_words(list(large))}: unscaled, they reach {number(max(large.values()))}."


def _compare_usual(advice: Advice, best: InitializerOutcome, library: str) -> tuple[str, list[str]]:
    """What follows the name: whether it matters, or how the usual one does; and the reasons."""
    if is_brief(advice.measured.experiment):
        little = "A few seconds train this network too little to prefer another initializer."
        return ", theory's choice: training was too short to compare", [little]
    if all(start.standing in ("recommended", *TIED) for start in advice.starts if start.name not in PITFALLS):
        if advice.detectable_change() <= LITTLE:
            return ", or any other common one: **it makes no difference**", []
        return ". No other common one is clearly better or worse", []
    default = next((start for start in advice.starts if DEFAULTS.get(start.name) == library), None)
    law = _theory_start(advice)
    if law is not best and (default is None or default is best or default.standing in TIED):
        usual = "theory's choice" if advice.measured.question.skip else "the usual choice"
        return f". {law.label}, {usual}, {_fate(law)}", _reasons(law, best)
    if default is None or default is best:
        return "", []
    instead = f", not {law.label}" if law is not best else ""
    return f"{instead}. {library}'s default {_fate(default)}", _reasons(default, best)


def _fate(start: InitializerOutcome) -> str:
    return {
        "recommended": "is this one",
        "tied": "is tied with it",
        "uncertain": "shows no certain difference to it",
        "behind": f"has {number(start.ratio)} times its loss",
        "contrast": f"has {number(start.ratio)} times its loss",
        "stalled": "is no better than guessing",
        "diverged": f"overflows in {count_seeds(start.lost, start.seeds)}",
    }[start.standing]


def _reasons(worse: InitializerOutcome, best: InitializerOutcome) -> list[str]:
    """The larger change of signal or gradient by the worse one; that it is the cause was not measured."""
    if worse.standing not in ("behind", "stalled"):
        return []
    changes = {
        "signal": (worse.forward[1], best.forward[1]),
        "gradient": (worse.backward[1], best.backward[1]),
    }
    excess = {
        what: abs(np.log(theirs)) - abs(np.log(ours))
        for what, (theirs, ours) in changes.items()
        if np.isfinite([theirs, ours]).all() and min(theirs, ours) > 0
    }
    what = max(excess, key=excess.__getitem__, default="")
    if not what or excess[what] < np.log(CLEAR):
        return []
    theirs, ours = map(number, changes[what])
    factors = f"by {theirs} with {worse.label}, by {ours} with {best.label}"
    return [f"At the start each layer multiplies the {what} {factors}."]


def describe_gain(measured: Measured) -> str:
    """What an output bias at the class prior gains, on paired seeds; nothing without such a bias."""
    if not measured.question.prior_bias:
        return ""
    if not measured.unbiased:
        return NOT_MEASURED
    variant = measured.unbiased[0].experiment.variants[0]
    both = measured.finals, measured.unbiased  # it is the first start of each
    losses = np.maximum([join_folds(results, validation_loss)[0] for results in both], FLOOR * measured.chance)
    before = (join_folds(results, lambda result: result.test_loss[..., 0])[0].mean() for results in both)
    biased, unbiased = (number(float(loss)) for loss in before)
    head = f"The output bias at the class prior, with {INITIALIZERS[variant.initializer].label}"
    start = f"Before training the loss is {biased} with it and {unbiased} without it."
    return f"{head}: {_describe_change(losses, len(measured.finals))} {start}"


def _describe_change(losses: np.ndarray, folds: int) -> str:
    """The gain in words, from losses (2, seed) with the bias and without."""
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

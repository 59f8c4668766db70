"""Gradient clipping: past a threshold a gradient is scaled back or cut (Pascanu et al. 2013)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

KINDS = ("norm", "layer_norm", "value")


@dataclass(frozen=True)
class Clip:
    """How gradients are clipped: by a kind in KINDS, past a positive threshold; else ValueError."""

    kind: str = "norm"  # of all layers as one vector; layer_norm: of each; value: each entry
    threshold: float = 1.0  # in the gradient's own units

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise ValueError(f"clip kind is {self.kind!r}; allowed: {', '.join(KINDS)}")
        try:
            threshold = float(self.threshold)
        except (TypeError, ValueError, OverflowError):
            threshold = math.nan
        if not (0 < threshold < math.inf):
            raise ValueError(f"clip threshold is {self.threshold!r}; allowed: a positive, finite number")
        object.__setattr__(self, "threshold", threshold)


def scale_factor(norm: float, threshold: float) -> float:
    """What a gradient of that norm is multiplied by; an infinite norm gives 0, NaN gives 1."""
    return threshold / norm if norm > threshold else 1.0


def clip_stack(
    gradient: Array, layers: Sequence[slice], layer_norms: Array, clips: Sequence[Clip | None]
) -> tuple[Array, Array]:
    """Clip a stack of gradients in place, each row by its own rule.

    gradient is (runs, parameters), `layers` the columns of each layer, layer_norms (runs, L). Returns
    the norm after clipping (runs,) and the cosine of the angle between raw and clipped (runs,).
    """
    applied = np.sqrt((layer_norms * layer_norms).sum(axis=1))
    cosine = np.ones(len(clips))
    for row, clip in enumerate(clips):
        if clip is None:
            continue
        norms, norm = layer_norms[row], float(applied[row])
        if clip.kind == "norm":
            if not math.isfinite(norm):
                cosine[row] = math.nan
            if norm > clip.threshold:
                gradient[row] *= scale_factor(norm, clip.threshold)
                applied[row] = clip.threshold if math.isfinite(norm) else math.nan
        elif clip.kind == "layer_norm":
            factors = np.array([scale_factor(float(n), clip.threshold) for n in norms])
            for columns, factor in zip(layers, factors, strict=True):
                if factor < 1:
                    gradient[row, columns] *= factor
            applied[row] = np.sqrt(((norms * factors) ** 2).sum())
            cosine[row] = _ratio((norms * norms * factors).sum(), norm * applied[row])
        else:
            raw = gradient[row].astype(np.float64)
            np.clip(gradient[row], -clip.threshold, clip.threshold, out=gradient[row])
            cut = gradient[row].astype(np.float64)
            applied[row] = np.linalg.norm(cut)
            cosine[row] = _ratio(raw @ cut, norm * applied[row])
    return applied, cosine


def _ratio(dot: float, norms: float) -> float:
    return 1.0 if norms == 0 else float(np.minimum(1.0, dot / norms))

"""What a viewer is told where an experiment is over the bound: what would fit, and a button that chooses it.

The decision is in runs.explain_refusal.
"""

from collections.abc import Collection

import streamlit as st

from core import Experiment
from core.advice.question import format_sizes
from core.engine.budget import Bound, shrink_to_bound, sizes
from pages.parts.page import OpenPage


def explain(page: OpenPage, experiment: Experiment, bound: Bound, moved: Collection[str] = ()) -> None:
    """Say what would fit, and offer it where the page has controls for it.

    `moved` names the settings that were changed last: where one of them alone can be made small enough, it is.
    """
    requested = sizes(experiment)
    at_hand = [name for name in requested if name in page.fields]
    choices = [shrink_to_bound(experiment, bound, [name]) for name in at_hand if name in moved]
    choices += [shrink_to_bound(experiment, bound, at_hand), shrink_to_bound(experiment, bound)]
    smaller = next(filter(bound.allows, choices), choices[-1])
    changed = {name: size for name, size in sizes(smaller).items() if size != requested[name]}
    changes = ", ".join(f"{name.replace('_', ' ')} {requested[name]} → {size}" for name, size in changed.items())
    can_be_chosen = changed.keys() <= set(at_hand)
    _explain(page, changes, {page.key(name): size for name, size in changed.items()} if can_be_chosen else {})


def explain_network(page: OpenPage, fitting: tuple[int, ...] | None) -> None:
    """Say that a network cannot be measured, and offer the layer sizes of one that can, if any."""
    network = format_sizes(fitting) if fitting else "no network at all"
    _explain(page, network, {page.key("sizes"): ", ".join(map(str, fitting))} if fitting else {})


def _explain(page: OpenPage, fits: str, values: dict[str, object]) -> None:
    page.stage.warning(f"This would take more time or memory than this app allows; what fits: {fits}.")
    if values:
        page.stage.button("Use the size that fits", on_click=st.session_state.update, args=(values,))

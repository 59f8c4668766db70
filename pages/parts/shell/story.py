"""Settings that make a point, in an order that tells a story."""

from dataclasses import dataclass

import streamlit as st

from pages.parts import session
from pages.parts.page import OpenPage
from pages.parts.settings import Claims, Map, Settings, YourNetwork
from pages.parts.settings.controls import open_button, open_settings
from pages.parts.settings.maps import PRESETS
from pages.parts.settings.pitfalls import Overview, RandomInit, ZeroInit
from pages.parts.settings.remedies import Clipping, Heuristics, ModernNetworks


@dataclass(frozen=True)
class Scene:
    """A page set to make a point: the title says what the banner does."""

    title: str
    settings: Settings


CHAPTERS = {
    "How a start can fail": (
        Scene(
            "Four networks that differ in their start alone: the one from He reads the digits, the others hardly",
            Overview(),
        ),
        Scene("One hidden layer: any random start will do, zero will not", Overview(depth=1)),
        Scene("All weights zero, sigmoid: 64 units behave as one unit, and get the same updates", ZeroInit(steps=100)),
        Scene("All weights zero, ReLU: the hidden weights never change", ZeroInit(activation="relu", steps=100)),
        Scene("Standard normal weights, ten ReLU layers: the gradient explodes", RandomInit()),
        Scene("Weights a hundredth of that size: the gradient vanishes", RandomInit(std=0.01)),
        Scene("50 layers, std 3: the numbers overflow", RandomInit(std=3, depth=50, width=50, seeds=3, steps=10)),
        Scene("He's weights: the gradient keeps its size", RandomInit(initializer="he")),
    ),
    "Which initializer trains, and what clipping and normalization do": (
        Scene("Ten ReLU layers: He trains best, Xavier and the Glorot average stall", Heuristics()),
        Scene("Ten tanh layers: all three train, the standard normal does not", Heuristics(activation="tanh")),
        Scene(
            "What frameworks do by default hardly learns in ten ReLU layers",
            Heuristics(initializers=("he", "pytorch_default", "keras_default", "sklearn_default")),
        ),
        Scene("He × 1.5 overflows in every seed; clipped at 10, every seed trains", Clipping()),
        Scene(
            "Clipped at 0.1, nothing overflows, but the loss stays above that of chance",
            Clipping(threshold=0.1, seeds=3),
        ),
        Scene("Ten layers with batch normalization: most random starts train, zero still does not", ModernNetworks()),
        Scene(
            "Forty layers: with batch normalization alone the gradient explodes; with skips besides, networks train",
            ModernNetworks(depth=40, initializers=("zeros", "he", "xavier"), width=20, steps=60, seeds=2),
        ),
        Scene("192 tanh networks: those that train lie within theory's depth limit", Map()),
        Scene(
            "The lower the clipping threshold, the higher the learning rate that trains",
            PRESETS["Clipping: threshold × learning rate"],
        ),
    ),
    "What holds, and your own network": (
        Scene("All eighteen claims, and what decides each", Claims()),
        Scene(
            "Your network: eight hidden layers of ReLU, and PyTorch's default is left behind",
            YourNetwork("64, 48, 48, 48, 48, 48, 48, 48, 48, 10", optimizer="sgd"),
        ),
        Scene(
            "Ten layers of tanh: orthogonal weights beat the usual choice",
            YourNetwork("64, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 10", "tanh"),
        ),
    ),
}
STORY = tuple(scene for scenes in CHAPTERS.values() for scene in scenes)


def draw(page: OpenPage, chosen: Settings) -> None:
    """A menu of scenes, a button for the next, and the title of the current one."""
    here = [k for k, scene in enumerate(STORY) if type(scene.settings) is type(chosen)]
    current = next((k for k in here if STORY[k].settings == chosen), None)
    viewer = session.current()
    if current is not None:
        viewer.scene = current
        chapter = next(name for name, scenes in CHAPTERS.items() if STORY[current] in scenes)
        page.heading.caption(f"**Scene {current + 1} of {len(STORY)}** · {chapter} · {STORY[current].title}")
    page.tools.menu_button(
        "Story",
        here,
        format_func=lambda k: (
            f":material/radio_button_{'' if k == current else 'un'}checked: {k + 1} · {STORY[k].title}"
        ),
        key="scenes",
        icon=":material/auto_stories:",
        on_click=lambda: open_settings(STORY[st.session_state["scenes"]].settings),
    )
    following = viewer.scene + 1 if viewer.scene in here else here[0]
    is_last = following == len(STORY)
    scene = STORY[0 if is_last else following]
    open_button(
        page.tools,
        "First scene" if is_last else "Next scene",
        scene.settings,
        key="scene-next",
        icon=":material/skip_next:",
        shortcut="N",
        help=scene.title,
    )

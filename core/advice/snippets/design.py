"""What the writers of all libraries share: their words, and lines where layers are normalized or joined by skips."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.engine.hidden_layers import skipping_layers


def read_words(name: str) -> dict[str, Any]:
    """The tables of a file of words beside this one."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Design:
    """How hidden layers are built: fields of Experiment."""

    normalization: str = "none"
    skip: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether a network is its products and activations alone."""
        return self.normalization == "none" and not self.skip

    def skips(self, sizes: tuple[int, ...]) -> str:
        """A line that names the layers to which a skip connection comes; none where there is no skip."""
        if not self.skip:
            return ""
        layers = skipping_layers(sizes, self.skip)
        return f"skips = {layers!r}  # the layers, from 1, to which a skip connection comes\n"

    def begin(self, indent: str) -> str:
        """The line before the loop over layers; none where nothing has to be kept."""
        return f"{indent}Zs = []\n" if self.skip == 2 else ""

    def hidden_layer(self, normalize: str, activate: str, add: str, indent: str) -> str:
        """The lines from Z to A of a hidden layer; `normalize`, `activate` and `add` are the library's expressions.

        They hold {Z}, {A} or {a} and {b}, in the place of what they take.
        """
        lines = []
        if self.skip == 2:
            lines += ["if layer in skips:", f"    Z = {add.format(a='Z', b='Zs[-2]')}", "Zs.append(Z)"]
        if self.normalization != "none":
            lines.append(f"Z = {normalize}")
        if self.skip == 1:
            lines += [f"before, A = A, {activate}", "if layer in skips:", f"    A = {add.format(a='A', b='before')}"]
        else:
            lines.append(f"A = {activate}")
        return "\n".join(indent + line for line in lines) + "\n"


def write_lsuv(templates: dict[str, str], inputs: int, design: Design, **more: str) -> str:
    """The lines that fit weights to a batch: for a plain network, or for one of this design."""
    return templates["lsuv" if design.is_plain else "lsuv_by_layer"].format(inputs=inputs, **more)

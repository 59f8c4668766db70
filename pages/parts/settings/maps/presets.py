"""Maps that make a point, by what they are called."""

from dataclasses import replace

from pages.parts.settings.maps.map import Map

PRESETS = {
    "tanh: gain × depth": Map(),
    "ReLU: gain × depth": Map(activation="relu", biases=0, learning_rate=0.05),
    "ReLU with batch normalization: gain × depth": Map(activation="relu", biases=0, normalization="batch"),
    "Sigmoid: gain × depth": Map(activation="sigmoid", biases=0, x_range="0.5:16", y_range="1:12", learning_rate=0.5),
    "ReLU: gain × learning rate": Map(activation="relu", biases=0, x_range="0.3:8", y="learning_rate"),
    "Clipping: threshold × learning rate": Map(
        activation="relu", initializer="he", biases=0, gain=1.5, x="threshold", y="learning_rate", y_range="0.01:10"
    ),
    "Standard normal: width × depth": Map(
        initializer="normal", biases=0, x="width", y="depth", y_range="1:8", learning_rate=0.05, steps=300
    ),
    "The fine border: gain × learning rate": Map(
        y="learning_rate",
        x_range="0.5:8",
        y_range="0.03:1",
        drag=True,
        columns=32,
        rows=32,
        color="loss",
        dataset="curve",
        depth=1,
        width=16,
        batch_size=1024,
        biases=0,
        steps=50,
    ),
}


def by_activation(activation: str) -> Map:
    """The map of gain and depth for an activation function: with those of another kind, that of ReLU."""
    named = {"tanh": "tanh: gain × depth", "sigmoid": "Sigmoid: gain × depth"}
    return replace(PRESETS[named.get(activation, "ReLU: gain × depth")], activation=activation)

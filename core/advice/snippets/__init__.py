"""The code that starts a network so, and trains it as it was measured: in PyTorch, Keras 3, Flax or NumPy."""

from collections.abc import Callable, Mapping

from core.advice.snippets import for_flax, for_keras, for_numpy, for_torch, training
from core.advice.snippets.design import Design
from core.advice.snippets.training import Training

Writer = Callable[[str, tuple[int, ...], str, Design], str]

LIBRARIES: Mapping[str, Writer] = {
    "PyTorch": for_torch.write,
    "Keras": for_keras.write,
    "Flax": for_flax.write,
    "NumPy": for_numpy.write,
}


def snippet(
    library: str,
    initializer: str,
    sizes: tuple[int, ...],
    activation: str,
    loss: str,
    trained: Training | None = None,
    design: Design = Design(),  # noqa: B008 it is frozen
) -> str:
    """Python that makes a network of the sizes n_0 … n_L and draws its weights and biases by the initializer's law.

    `library` is one of LIBRARIES; the names are those in INITIALIZERS, ACTIVATIONS and LOSSES. LSUV looks at a batch
    `X` (examples, n_0), for which the code takes Gaussian noise until its reader puts in their own. Where `trained` is
    given, and the library is not NumPy, the code goes on to train the network so. `design` says what is beside products
    and activations; normalization stands where it was measured, before the activation.
    """
    code = LIBRARIES[library](initializer, sizes, activation, design)
    if not trained or library == "NumPy":
        return code
    return training.imports(library, code) + code + training.write(library, sizes, loss, trained, design)

"""What the numbers of a run depend on beside its settings: the versions of the code and of what it stands on."""

import platform
from datetime import UTC, datetime

import altair as alt
import numpy as np
import streamlit as st

from core.version import version
from pages.parts.settings import Settings, links


def describe(settings: Settings) -> dict[str, str]:
    """A page's settings by name, as in a link, with what its numbers depend on besides."""
    return {name: " ".join(texts) for name, texts in settings.to_texts().items()} | versions()


def versions() -> dict[str, str]:
    """By name; the engine's is the beginning of the SHA-256 of its sources."""
    return {
        "date": datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC"),
        "engine": version()["code"][:12],
        "settings": str(links.VERSION),
        "NumPy": np.__version__,
        "Python": platform.python_version(),
        "machine": platform.machine(),
        "Streamlit": st.__version__,
        "Altair": alt.__version__,
    }

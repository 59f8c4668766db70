"""Whether the advice is right: its recommendations on many networks, against longer trainings on other rows."""

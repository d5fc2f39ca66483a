"""DevOps work from a sentence, in French or in English: routed, written, validated, explained, undoable."""

__version__ = "0.1.0"

__all__ = ["__version__"]

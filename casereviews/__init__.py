"""casereviews: gather, read, tag and search published case reviews."""

__version__ = "0.1.0"

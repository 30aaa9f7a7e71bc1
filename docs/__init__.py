"""The pages of the documentation, and what writes its reference (generate.py)."""

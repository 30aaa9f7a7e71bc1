"""A life in small: what two weeks bring, and what is left of it."""

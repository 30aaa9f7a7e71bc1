"""The whole road, as real processes."""

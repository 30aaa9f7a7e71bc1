"""A refresh that runs for years, lived in small."""

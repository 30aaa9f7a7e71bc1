"""Read, describe and index what the archive holds."""

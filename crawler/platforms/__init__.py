"""Bases that several sources share: a platform, or a way of listing, is learned once."""

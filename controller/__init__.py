"""Hearth: the supervisory controller of a hash-to-heat plant."""

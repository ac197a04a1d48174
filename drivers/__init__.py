"""How devices are spoken to: bytes to values in house units, or an error by name."""

"""Miners that speak the CGMiner API: bytes, one connection a request, and what differs by model."""

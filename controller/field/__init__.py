"""Hands and eyes: the only room that uses drivers."""

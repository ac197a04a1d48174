"""Hearth without a plant: the simulated one, alone or joined to the controller."""

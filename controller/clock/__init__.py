"""WHAT TIME IT IS: one clock for all programs of a plant, real or hurried."""

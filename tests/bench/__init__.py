"""What Hearth measures of itself: `python -m tests.bench [--only GROUP]`."""

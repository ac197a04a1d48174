"""Days of a plant in minutes: the daemon's scan against the simulated world, in virtual time."""

"""Who is told: the doors through which people and other systems look at the plant, and ask."""

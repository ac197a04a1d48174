"""What one key of plant.toml cannot see alone: order of limits, doubles, engineering sense."""

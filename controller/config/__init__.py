"""plant.toml to validated settings; the only place that reads configuration and holds defaults."""

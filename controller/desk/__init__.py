"""What is done at a desk, without a plant: check a configuration, list its tags, its reference."""

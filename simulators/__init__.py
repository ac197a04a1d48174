"""The plant without a plant: state and step(dt_s), served on sockets by `wire`."""

"""The simulated devices on sockets, written from the manual; nothing is shared with drivers."""

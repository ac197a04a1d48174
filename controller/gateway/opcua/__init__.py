"""OPC UA: the plant as an address space, behind a guard that asyncua does not bring along."""

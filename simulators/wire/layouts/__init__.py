"""The register tables of the simulated devices, copied from their manual by hand."""

"""What is known: tags with quality and time, the fleet as columns, the snapshot of a scan."""

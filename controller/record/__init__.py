"""What has happened, on disk: written before it is told, and read back after a restart."""

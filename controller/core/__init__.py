"""The loop: waits, freezes, scans, acts, reports, and only then feeds the watchdog."""

"""Between core and gateway: what a report and a request look like, and how they travel."""

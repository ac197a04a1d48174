"""The report of a simulated run for people: one page that needs nothing but itself."""

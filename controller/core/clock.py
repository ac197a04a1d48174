"""Time as the core asks for it; inside, time is the loop's monotonic seconds."""

from controller.clock.now import monotonic_s, real_monotonic_s, utc_s

__all__ = ["monotonic_s", "real_monotonic_s", "utc_s"]

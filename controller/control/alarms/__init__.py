"""Alarms to ISA-18.2 and IEC 62682: what stands, who has seen it, and what came first."""

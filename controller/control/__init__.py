"""What to do: pure decisions. The same snapshot, wishes, state and settings give the same bytes."""

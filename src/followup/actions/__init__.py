"""Use cases: (store, inputs, today) -> frozen result. No printing, no clock."""

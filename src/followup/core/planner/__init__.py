"""The planner: facts of one sale in, dated touchpoints with reasons out. One pure function, `plan`."""

from followup.core.planner.plan import plan

__all__ = ["plan"]

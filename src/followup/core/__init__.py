"""The core: nouns, dates, curve, planner, priority. Pure: same arguments, same answer, for ever."""

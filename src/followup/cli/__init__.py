"""The command line: options -> one action -> one renderer. Only here are the clock, the environment and argv read."""

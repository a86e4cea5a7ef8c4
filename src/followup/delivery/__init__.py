"""Ways out of this machine and into other programs: mail server, other services, calendar server, hooks, clipboard."""

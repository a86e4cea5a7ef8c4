#!/bin/sh
# The morning's list for cron: prints it when something is due, says nothing otherwise.
# Exit code 0 in both cases; anything else is a failure that cron should mail.
list=$(followup due --exit-code)
code=$?
if [ "$code" -eq 10 ]; then
    printf '%s\n' "$list"
    exit 0
fi
exit "$code"

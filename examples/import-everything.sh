#!/bin/sh
# Takes every sample of examples/imports into a temporary file, shows the due list, and cleans up after itself.
# Nothing of yours is touched. FOLLOWUP_TODAY=2026-11-23 makes the samples look as fresh as they were.
set -eu
cd "$(dirname "$0")/imports"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
export FOLLOWUP_DB="$folder/followup.db" FOLLOWUP_CONFIG="$folder/config.toml"

take() {
    printf '\n$ followup import %s\n' "$*"
    followup import "$@" --yes
}

# Customers, as six CRMs, two address books and a spreadsheet write them.
take hubspot-contacts.csv --playbook saas
take salesforce-contacts.csv --playbook services --signed 2026-11-02
take pipedrive-people.csv
take zoho-contacts.csv --playbook retail --signed 2026-11-09
take google-contacts.csv --only Customers
take outlook-contacts.csv
take outlook-kontakte.csv
take excel-kunden.csv --playbook equipment
take customers.jsonl --playbook equipment

# Files that need a word from you: which column is what, which rows to leave, which way round dates are.
take headings.csv --map columns.txt --playbook equipment
take typos.csv --playbook equipment --skip-bad "$folder/rejects.csv"
take orders.csv --playbook equipment --date-format dmy

# Everything else that is known about them.
take hubspot-deals.csv --kind sales --playbook saas
take pipedrive-deals.csv --kind sales --playbook equipment
take contacts.csv --kind contacts
take activities.csv --kind activities
take readings.csv --kind readings
take concerns.csv --kind concerns
take promises.csv --kind promises

printf '\n$ followup due\n'
followup due

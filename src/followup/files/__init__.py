"""Files: YAML playbooks, tables, configuration: text <-> model, with problems that say where."""

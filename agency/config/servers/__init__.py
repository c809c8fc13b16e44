"""The embedded servers: PostgreSQL and Valkey for `up`, `test` and single commands. Knows no Django."""

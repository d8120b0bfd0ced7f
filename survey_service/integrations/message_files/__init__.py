"""Messages as files for programs that send them, and the results those give back. See formats.toml."""

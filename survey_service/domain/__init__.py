"""Pure rules: standard library and msgspec only, no clock, no database, no framework."""

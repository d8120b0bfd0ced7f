"""Formats and services of other people, each behind a few functions that speak our own structs."""

"""A survey platform that wears people out less."""

__version__ = "0.1.0"

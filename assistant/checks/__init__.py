"""What `afterword doctor` looks at: each check gives findings, one line each, and changes nothing."""

from assistant.checks.finding import Finding, State

__all__ = ["Finding", "State"]

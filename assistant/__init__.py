"""Afterword: a private place to write after a breakup.

The path of an entry, told by `assistant.companion.Companion.respond`:

    screen -> retrieve -> plan -> write -> review -> reply
"""

__version__ = "0.1.0"

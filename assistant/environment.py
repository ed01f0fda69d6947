"""Process-wide switches, set before any heavy library is imported.

Import this module first in every process. It only sets environment variables; it imports nothing heavy.
"""

from __future__ import annotations

import os
import platform

# GNU OpenMP reads it when it is loaded. 10 000 spins keep decode near full speed on an idle machine and stop the
# many-fold collapse when another program uses a core (docs/decisions/0002-openmp-spin.md has the table).
_DEFAULTS = {"GOMP_SPINCOUNT": "10000"}
# numpy's threads spin for a while after each product of matrices and take the cores from the search model, which is asked next: a search
# among 10 000 passages took 80 ms with them and 38 ms without (docs/decisions/0014-one-thread-for-numpy.md). Elsewhere torch itself would
# read it.
if platform.machine().lower() in ("x86_64", "amd64"):
    _DEFAULTS["OPENBLAS_NUM_THREADS"] = "1"

# Switches that keep libraries from calling out. They override the person's shell on purpose.
_FORCED = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
_OURSELVES = "127.0.0.1,localhost"  # never through a proxy; what the person's shell names beside them stays

_seen: list[str] = []


def prepare() -> None:
    """Set the switches for this process and the workers it starts."""
    _seen[:] = leaking()
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(_FORCED)
    for name in ("NO_PROXY", "no_proxy"):  # programs differ in which of the two they read
        theirs = os.environ.get(name, "")
        if _OURSELVES not in theirs:
            os.environ[name] = ",".join(filter(None, (theirs, _OURSELVES)))


def leaking() -> list[str]:
    """Name variables of the person's shell that would have made a library call out; for `doctor`.

    `prepare` overrides them; what it found before is still told afterwards.
    """
    watched = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING", "GRADIO_SHARE", "GRADIO_ANALYTICS_ENABLED")
    found = [name for name in watched if os.environ.get(name, "").lower() in ("true", "1", "yes")]
    found += [name for name in ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "GRADIO_SERVER_NAME") if name in os.environ]
    return list(dict.fromkeys([*_seen, *found]))

"""Makes one reply in a network namespace without any route, and prints how often any process in it tried to get out.

Run as `unshare -rn python -m assistant.checks.cut_off`. The kernel counts for the whole namespace, so workers and native code are
seen as well: OutNoRoutes of /proc/net/snmp grows with each connect and each name lookup [measured].
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ENTRY = "I set out two mugs again this morning. Then I put one back."
_REPLY = "from assistant.cli.main import run; run()"


def attempts(snmp: str) -> int:
    """Read the counter out of the text of /proc/net/snmp."""
    names, values = (line.split() for line in snmp.splitlines() if line.startswith("Ip:"))
    return int(values[names.index("OutNoRoutes")])


def main() -> int:
    """Reply to a made-up entry; the exit status is the reply's."""
    command = [sys.executable, "-c", _REPLY, "reflect", "-", "--json", "--no-model"]
    reply = subprocess.run(command, input=_ENTRY.encode(), capture_output=True, check=False)  # noqa: S603 - our own command
    sys.stdout.write(str(attempts(Path("/proc/net/snmp").read_text("ascii"))))
    return reply.returncode


if __name__ == "__main__":
    sys.exit(main())

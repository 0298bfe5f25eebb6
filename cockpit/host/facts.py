"""What this host is, at one moment: the environment of what was seen on it. No variables: they hold secrets."""

from __future__ import annotations

import os
import platform
import socket
from typing import Any


def host_facts() -> dict[str, Any]:
    """Name, system, processors, load, memory and time of its start, for JSON. Sizes are bytes; boot: Unix seconds."""
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return {
        "name": socket.gethostname(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load": list(os.getloadavg()),
        "memory": {"total": memory.total, "available": memory.available},
        "swap": {"total": swap.total, "used": swap.used},
        "boot": psutil.boot_time(),
    }

"""Asking the product's real web server over one kept connection, two addresses by turns."""

import http.client
import statistics
import time
from collections.abc import Mapping, Sequence

import psutil


def by_turns(
    site: str, paths: Sequence[str], *, headers: Mapping[str, str], times: int, warm: int = 20
) -> dict[str, float]:
    """The median seconds of each address. By turns, so that whatever else the machine does falls on all of them."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=30)
    took: dict[str, list[float]] = {path: [] for path in paths}
    for n in range(times + warm):
        for path in paths:
            began = time.perf_counter()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            answer.read()
            if n >= warm:
                took[path].append(time.perf_counter() - began)
            assert answer.status == 200, f"{path} answered {answer.status}"
    connection.close()
    return {path: statistics.median(each) for path, each in took.items()}


def processor_time(site: str, path: str, *, headers: Mapping[str, str], times: int, pids: Sequence[int]) -> float:
    """Seconds of processor time that these processes and their children spend on one answer: what others do on the
    machine is not in it. The kernel counts in hundredths of a second, so many are asked."""

    def spent() -> float:
        family = [one for pid in pids for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
        return sum(one.cpu_times().user + one.cpu_times().system for one in family)

    before = spent()
    by_turns(site, (path,), headers=headers, times=times, warm=0)
    return (spent() - before) / times

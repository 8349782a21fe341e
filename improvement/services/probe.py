"""Whether web answers in this container: exit code 0 when it does, for the container's health check.

It asks as the proxy would, by the installation's own name over HTTPS; anything else would be refused or redirected.
"""

import os
import sys
import urllib.error
import urllib.request


def question() -> urllib.request.Request:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    address = f"http://127.0.0.1:{os.environ.get('GRANIAN_PORT', '8000')}/health/"
    return urllib.request.Request(address, headers={"Host": host, "X-Forwarded-Proto": "https"})


def main() -> int:
    try:
        with urllib.request.urlopen(question(), timeout=8) as answer:  # noqa: S310
            print(answer.read().decode())
    except (OSError, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

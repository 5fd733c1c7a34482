"""What bin/run, bin/test, bin/bench and bin/manage come to, once .venv is there."""

import argparse
import errno
import sys

from embedded import bench, gate, runner
from embedded.trouble import Trouble


def main() -> int:
    """Do what the command line asks; trouble is told in one sentence."""
    command, *rest = sys.argv[1:]
    try:
        match command:
            case "run":
                parser = argparse.ArgumentParser(prog="bin/run", description="Run everything on this machine.")
                parser.add_argument("--fresh", action="store_true", help="remove all data of earlier runs first")
                return runner.run(fresh=parser.parse_args(rest).fresh)
            case "test":
                return gate.test(rest)
            case "bench":
                return bench.measure(rest)
            case "manage":
                return runner.manage(rest)
            case _:
                raise Trouble(f"{command!r} is none of run, test, bench and manage.")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EPERM}:
            raise
        print(f"{error.filename or 'A file'} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())

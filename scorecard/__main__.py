"""The command line: python -m scorecard COMMAND."""

import sys

from scorecard.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

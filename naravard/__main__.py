"""``python -m naravard``: the same as the command ``naravard``."""

from naravard.cli import main

main()

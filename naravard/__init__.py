"""naravard: Sweden's shift to primary care in figures that anyone can reproduce."""

__version__ = "0.1.0"

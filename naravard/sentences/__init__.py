"""Any result in words. Each module says its own results; importing the folder knows them all."""

from naravard.sentences import claims, points, profile, regions, trends  # noqa: F401

"""STUB until merge."""


def key(ids=None, datasets=()):
    return "0.2.0/2026-11-21/abcdef123456"


def citation(title, language, key):
    return f"naravard: {title}. {key}"

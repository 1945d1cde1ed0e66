"""One module a publisher; each only turns what is published into files under data/raw."""

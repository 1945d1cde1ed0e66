"""The batch: notebook × region × language → pages and an index."""

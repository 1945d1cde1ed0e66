"""From raw files to tidy frames, and what the build recorded of them."""

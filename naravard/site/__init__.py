"""The site: pages and files to read and take away.

`render` runs the notebooks that need it and writes their pages (`notebook`); `publish` writes the
pages around them (`pages`, `questions`) and the `downloads`; `report` prints a region's pages.
"""

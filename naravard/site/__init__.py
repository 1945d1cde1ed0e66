"""The site around the notebooks' pages: start, regions, indicators, claims, methods and data.

`measures` computes what the pages show, an indicator at a time; `publish` writes the pages. The
other modules each make the content of one kind of page, for the templates in
``naravard/render/templates``.
"""

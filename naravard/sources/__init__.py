"""One module a publisher; each only turns what is published into files under data/raw.

A module that can be asked over the network has:

``NAME, BASE, PAUSE``
    The publisher, the address of its API, and the seconds between two requests.
``datasets()``
    The data sets (``publisher/dataset``) that the catalogue has from it and that it can ask for.
``ask(datasets, client)``
    Yields (data set, `answers.Answer` or `answers.SourceError`), one for each that was asked for.
``changed(datasets, client, since)``
    The data sets that have changed since a date; only where the publisher can say.
"""

#: Publishers that `naravard data fetch` can ask, in this order; each is a module here.
PUBLISHERS = ("kolada", "scb", "socialstyrelsen", "vardenisiffror")

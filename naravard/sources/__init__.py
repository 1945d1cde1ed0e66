"""One module a publisher; each only turns what is published into files under data/raw.

A module that can be asked over the network has ``NAME``, ``BASE`` (the address of its API),
``PAUSE`` (seconds between two requests), and

``datasets()``
    The data sets (``publisher/dataset``) that it can ask for.
``ask(datasets, client)``
    Yields each data set with an `answer.Answer` or `answer.SourceError`; raises the latter where it
    is the same for all.
``changed(datasets, client, since)``
    The data sets that have changed since a date; only where the publisher can say.
"""

#: Publishers that `naravard data fetch` can ask, in this order; each is a module here.
PUBLISHERS = ("kolada", "scb", "socialstyrelsen", "vardenisiffror")

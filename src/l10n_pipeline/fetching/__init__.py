"""Fetching models: the only part that touches the network.

:mod:`.mozilla` and :mod:`.hub` find out what can be had and say so as an
:class:`.offer.Offer`; :mod:`.transfer` brings files over; :mod:`.store` puts a model into
the cache, whole or not at all.
"""

"""One small program per engine, each run as a process of its own.

They know nothing of each other and run under whatever Python their engine needs: only
:mod:`benchmarks.peers.serving`, which takes the standard library of Python 3.10, is shared.
"""

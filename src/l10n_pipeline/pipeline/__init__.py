"""Where the stages are put together: the only code that knows them all."""

// Module ConcordMediaBackends.

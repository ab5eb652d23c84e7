// Module ConcordFiltering.

// Module ConcordMatching.

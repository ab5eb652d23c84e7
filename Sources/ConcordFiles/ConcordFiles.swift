// Module ConcordFiles.

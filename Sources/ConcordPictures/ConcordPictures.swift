// Module ConcordPictures.

// Module NaiveReference.

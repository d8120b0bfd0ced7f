"""Languages: which ones there are, which one a reader gets, and texts, dates and numbers in it."""

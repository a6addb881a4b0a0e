"""Forms: versioned data files that say what is asked, how sensitive it is, and how it is labelled."""

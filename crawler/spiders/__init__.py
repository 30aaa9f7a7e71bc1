"""One file for each source: file name, spider name and fixture folder are the same."""

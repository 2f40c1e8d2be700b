"""Documents for the archive: what they say (``paper``) and how they become PDF (``typesetting``)."""

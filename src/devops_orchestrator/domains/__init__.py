"""Six domains, twenty-four rooms."""

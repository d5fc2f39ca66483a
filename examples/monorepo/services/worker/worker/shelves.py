def shelf(stars: int) -> str:
    """The shelf for a number of stars."""
    if stars >= 4:
        return "praise"
    return "complaints" if stars <= 2 else "others"

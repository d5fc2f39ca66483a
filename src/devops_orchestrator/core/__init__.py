"""The words of the house: what everything else is made of."""

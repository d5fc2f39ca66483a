"""The interfaces speak and decide nothing."""

"""Create, improve, review, answer, apply, undo, escalate: each written once, for all rooms."""

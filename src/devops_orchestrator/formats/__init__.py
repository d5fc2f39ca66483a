"""Text ↔ nodes with positions. No opinion, no knowledge of rooms."""

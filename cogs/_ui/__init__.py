"""The shared look: cards, buttons that outlive restarts, times on two clocks, errors as replies."""

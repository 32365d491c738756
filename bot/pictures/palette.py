"""Colours that people with any colour vision tell apart (after Okabe and Ito), on a card of our own for dark and light themes.

Each of the first six is written in, too: it stands at least 4.5 to 1 against the card. Orange and green are darker than theirs for that.
"""

INK = "#1F2328"
QUIET = "#5A6068"
BLUE = "#0072B2"
ORANGE = "#BF4F00"
GREEN = "#007A5A"
PURPLE = "#8E4585"

CARD = "#FCFBF8"
BORDER = "#B9B4A6"
TRACK = "#E6E2D8"
GRID = "#DCD8CC"
SHADE = "#F2EFE7"

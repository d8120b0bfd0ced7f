"""Who is asked, when, with a known probability: pure numpy, no clock, no database, no framework.

Start with `draw.draw_cells` (or `draw.draw_strata`), which takes arrays and returns arrays;
`rotation.Rotation` keeps a whole register moving through events and draws.
"""

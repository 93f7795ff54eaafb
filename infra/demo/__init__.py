"""The demo: an invented district, a few residents' matters in it, and a promise that can be let break."""

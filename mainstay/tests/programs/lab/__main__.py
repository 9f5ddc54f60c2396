"""The command line of the lab: `python -m lab`."""

from mainstay.bootstrap.launch import launch

launch("lab")

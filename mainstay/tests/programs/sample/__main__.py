"""The command line of the sample program: `python -m sample`."""

from mainstay.bootstrap.launch import launch

launch("sample")

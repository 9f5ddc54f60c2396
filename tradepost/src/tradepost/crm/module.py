"""The manifest of the contacts module."""

from mainstay.module import Module
from tradepost.crm import cli

CRM = Module(name="crm", cli=cli.app)

"""Flags and experiments without any I/O: what is declared, how rules decide, how experiments are evaluated."""

"""Every statement about files, one file for what requests ask and one for upkeep."""

"""Rate limits by class: how often one caller may ask for what, counted exactly over all processes where Redis is."""

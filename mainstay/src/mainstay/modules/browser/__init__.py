"""What browsers tell of themselves: errors of the web app."""

"""The smallest program with everything that starting, working and stopping is about; tests run it for real."""

"""The web edge: ASGI stack, problem details, routing with permissions, health and documentation."""

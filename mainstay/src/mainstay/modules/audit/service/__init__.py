"""The rules of the audit trail: sealing, exporting and verifying, removing, reading."""

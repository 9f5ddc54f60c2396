"""The statements of the audit trail."""

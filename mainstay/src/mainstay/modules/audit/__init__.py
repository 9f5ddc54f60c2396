"""The audit trail: who did what, kept so that nobody changes it unseen, and read by those who may."""

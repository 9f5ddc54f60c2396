"""Stock: ledger rows and on-hand per store."""

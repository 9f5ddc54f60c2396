"""The till: registers, shifts, sales, receipts and the journal."""

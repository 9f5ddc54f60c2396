"""Reading spreadsheets of products that were saved as text: encodings, separators, layouts and their cells."""

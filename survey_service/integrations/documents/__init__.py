"""Documents made of pages: HTML in, PDF out."""

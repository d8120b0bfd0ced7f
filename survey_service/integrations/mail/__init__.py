"""Mail: written from templates, composed as text and HTML in one, handed over by SMTP."""

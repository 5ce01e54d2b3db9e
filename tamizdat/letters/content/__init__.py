"""What a letter says: templates of the theme, as text and as HTML, and the MIME message."""

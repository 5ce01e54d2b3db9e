"""Files of pictures: taken in, cleaned, kept in the sizes that pages use."""

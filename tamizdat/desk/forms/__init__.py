"""The forms of the desk: how they are laid out, what they refuse, what they never lose."""

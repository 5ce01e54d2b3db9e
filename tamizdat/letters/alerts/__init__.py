"""What is said of letters that do not leave: alerts, and the letter to the administrator."""

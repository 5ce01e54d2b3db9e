"""Letters at the desk: an issue's page and buttons, newsletters, the mailbox on screen."""

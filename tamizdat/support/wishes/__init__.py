"""What givers wish for by letter: reminders and receipts, and how sealed wishes are answered."""

"""What may happen to a page: copies, locks, conflicts, publishing, taking it away."""

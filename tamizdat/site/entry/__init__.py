"""What every request to desk, counter and till passes before it takes a thread.

granian parses the head. The body is received here, on the event loop, bounded in size and time.
Only a complete request goes to Django, in one of a few threads.
"""

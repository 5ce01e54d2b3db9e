"""Django's database backends as this program uses them: they notice, and they do not wait for ever.

- `postgresql` gives up on a server that does not answer (`patience.py`).
- `sqlite` and `sqlite_counter` are Django's and the counter's own.
- All tell the process's watch when a database is away or refuses to be written (`noticing.py`).
"""

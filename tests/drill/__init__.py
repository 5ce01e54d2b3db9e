"""The seizure drill: everything is taken from a locked newsroom, and nobody is found in it.

`story` lets a newsroom live, locks it and copies all that lies on the machine. `taking` gets the
copy and a list of suspects, and nothing else that the program knows.
"""

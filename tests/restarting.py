"""The work process, started anew."""


def restart_letters():
    """Let the memory of the letters' work be empty: it has looked at nothing and heard nothing."""
    from tamizdat.letters.delivery import mailbox_choices, sealed_records
    from tamizdat.readers.sealed_records import store

    store._without_reply.set()
    sealed_records._last_look = sealed_records._LastLook()
    mailbox_choices._heard = mailbox_choices._Heard()

"""A device that holds a passkey, as browsers and keys do it; only without a person to touch it."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class Device:
    """Makes passkeys for one name and signs with them what a browser at `origin` shows it."""

    def __init__(self, name="localhost", origin="http://localhost:8002", *, checks_the_user=True):
        self.name, self.origin = name, origin
        self.present = FLAG.UP | FLAG.UV if checks_the_user else FLAG.UP
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = b""
        self.known_as = os.urandom(16)

    def make(self, options):
        """Answer the desk's wish for a new passkey."""
        asked = options["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        cose = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.known_as, cose)
        data = AuthenticatorData.create(self._place(), self.present | FLAG.AT, 0, held)
        said = self._said("webauthn.create", asked["challenge"])
        whole = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=said, attestationObject=whole)

    def sign(self, options):
        """Answer the desk's question who is there."""
        data = AuthenticatorData.create(self._place(), self.present, 0)
        said = self._said("webauthn.get", options["publicKey"]["challenge"])
        signed = self.key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=said, authenticatorData=data, signature=signed, userHandle=self.handle
        )

    def _place(self):
        return sha256(self.name.encode()).digest()

    def _said(self, what, challenge):
        return CollectedClientData.create(what, websafe_decode(challenge), self.origin)

    def _answer(self, **parts):
        return json.dumps(
            {
                "id": websafe_encode(self.known_as),
                "rawId": websafe_encode(self.known_as),
                "type": "public-key",
                "response": {name: websafe_encode(bytes(part)) for name, part in parts.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )

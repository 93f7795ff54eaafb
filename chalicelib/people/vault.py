"""Contact details, and the few keys that must not be found elsewhere: sealed with a data key of KMS, erased by duty.

Plain KMS + AES-GCM and not aws-encryption-sdk: that one brings attrs and wrapt, 2 MB and 40 ms of import, for what a data
key, a nonce and one AESGCM call do here, and its message is many times as long as an e-mail address.
"""

import os
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pynamodb.exceptions import DoesNotExist

from chalicelib.people.table import VaultRow
from chalicelib.settings import settings
from chalicelib.spine.aws import Write, client, delete

NONCE: Final = 12  # bytes, NIST SP 800-38D 5.2.1.1

Purpose = Literal["contact", "ballots"]  # of what is sealed: KMS opens it for the same purpose only


@dataclass(frozen=True)
class Contact:
    """How to reach the one who wrote, and the token of their tracking page for the link in each message.

    Nothing personal shows in its repr, so that no log line can hold it by accident.
    """

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    language: Literal["zh", "en"] = "zh"
    tell: Literal["email", "phone", "none"] = "none"
    tracking_token: str = field(default="", repr=False)


class SealBroken(Exception):
    """A vault row does not belong to its dossier, or was changed."""


def seal(dossier: str, contact: Contact) -> VaultRow:
    """Seal contact details for one dossier: one KMS call. The row is for the caller's transaction, ``put(row)``."""
    return _sealed(dossier, "contact", msgspec.json.encode(contact))


def seal_key(dossier: str, key: bytes) -> VaultRow:
    """Seal the key with which an appraisal's ballots are stamped: one KMS call. The row is for the caller's transaction."""
    return _sealed(dossier, "ballots", key)


def _sealed(dossier: str, purpose: Purpose, plain: bytes) -> VaultRow:
    context = _context(dossier, purpose)
    key = client("kms").generate_data_key(KeyId=settings.vault_key, KeySpec="AES_256", EncryptionContext=context)
    nonce = os.urandom(NONCE)
    text = AESGCM(key["Plaintext"]).encrypt(nonce, plain, dossier.encode())
    return VaultRow(dossier, wrapped=key["CiphertextBlob"], sealed=nonce + text)


def unseal(dossier: str) -> Contact | None:
    """The contact details of a dossier, or None if there are none (any more): one read, one KMS call. Raises SealBroken.

    The data key is not cached: each look stands in KMS's own audit trail as well.
    """
    plain = _unsealed(dossier, "contact")
    return msgspec.json.decode(plain, type=Contact) if plain else None


def unseal_key(dossier: str) -> bytes | None:
    """The key with which an appraisal's ballots are stamped, or None once it was erased: one read, one KMS call."""
    return _unsealed(dossier, "ballots")


def _unsealed(dossier: str, purpose: Purpose) -> bytes | None:
    try:
        return _opened(VaultRow.get(dossier), dossier, purpose)
    except DoesNotExist:
        return None


def erase(dossier: str) -> Write:
    """Erase what is sealed for a dossier, as a delete in a transaction; done twice it does no harm."""
    return delete(VaultRow(dossier))


def _opened(row: VaultRow, dossier: str, purpose: Purpose) -> bytes:
    try:
        return AESGCM(_unwrapped(row, dossier, purpose)).decrypt(row.sealed[:NONCE], row.sealed[NONCE:], dossier.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: too short to be a nonce and a tag
        raise SealBroken(dossier) from error


def _unwrapped(row: VaultRow, dossier: str, purpose: Purpose) -> bytes:
    try:
        answer = client("kms").decrypt(
            KeyId=settings.vault_key, CiphertextBlob=row.wrapped, EncryptionContext=_context(dossier, purpose)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidCiphertextException":
            raise SealBroken(dossier) from error
        raise
    return bytes(answer["Plaintext"])


def _context(dossier: str, purpose: Purpose) -> dict[str, str]:
    return {"dossier": dossier, "purpose": purpose}

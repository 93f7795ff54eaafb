"""The two tables of this room: ``guards`` (short-lived counters and marks) and ``vault`` (sealed contact details)."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.spine.aws import TableMeta, table


class GuardRow(Model):
    """One guard. ``expires`` (epoch seconds) is the table's TTL: DynamoDB may take two days, so readers check it too.

    Which of the other columns a row has depends on its kind: a counter has ``count``; a lockout also ``until`` (epoch
    seconds) and ``locks``; an hour's ended sign-ins have ``ids``; an idempotency record ``dossier``, ``seq``, ``digest``.
    """

    class Meta(TableMeta):
        table_name = table("guards")

    key = UnicodeAttribute(hash_key=True)
    expires = NumberAttribute()
    tally = NumberAttribute(attr_name="count", null=True)
    until = NumberAttribute(null=True)
    locks = NumberAttribute(null=True)
    ids = UnicodeSetAttribute(null=True)
    dossier = UnicodeAttribute(null=True)
    seq = NumberAttribute(null=True)
    digest = UnicodeAttribute(null=True)


class VaultRow(Model):
    """Contact details of one dossier: ``wrapped`` is the data key, encrypted by KMS; ``sealed`` is nonce + AES-GCM text."""

    class Meta(TableMeta):
        table_name = table("vault")

    dossier = UnicodeAttribute(hash_key=True)
    wrapped = BinaryAttribute(legacy_encoding=False)
    sealed = BinaryAttribute(legacy_encoding=False)

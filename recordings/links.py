"""What stands in the address of a link to share: nobody can guess it, nor make one."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from recordings.models import ShareLink

SALT = "recordings.share"


class NotOurs(Exception):
    """We have never given out such an address."""


def token_of(link: ShareLink) -> str:
    """Sign a link's id for its address."""
    return Signer(salt=SALT).sign(link.pk.hex)


def id_of(token: str) -> UUID:
    """Read the id of a link out of its address. Raises NotOurs."""
    try:
        return UUID(hex=Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError) as error:
        raise NotOurs from error

"""What may be published: small groups hidden, so that they can't be worked out."""

from custfocus.disclosure.suppress import suppress
from custfocus.disclosure.suppressed import Suppressed

__all__ = ["Suppressed", "suppress"]

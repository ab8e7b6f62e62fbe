"""What may be published: small groups hidden, so that they can't be worked out."""

from custfocus.disclosure.audit import Audit, audit
from custfocus.disclosure.compared import SuppressedComparison
from custfocus.disclosure.suppress import suppress
from custfocus.disclosure.suppressed import Suppressed

__all__ = ["Audit", "Suppressed", "SuppressedComparison", "audit", "suppress"]

"""News of conversations for the packages above. Sent inside the transaction, after all of it is written."""

from django.dispatch import Signal

participant_called = Signal()
"""The call of somebody whom we ring is known. `participant`: the Participant, with its `call`, `at`: now."""

participant_took = Signal()
"""Somebody who was rung has accepted and is on the way in. `participant`: the Participant, `at`: now."""

participant_joined = Signal()
"""Somebody is in the conference. `participant`: the Participant, `at`: now."""

participant_left = Signal()
"""A leg is over, or will never be in; `outcome` says why. `participant`: the Participant, `at`: now."""

participant_steered = Signal()
"""Somebody there is held or not, as is wished or as Twilio confirms. `participant`: the Participant, `at`: now."""

participant_changed = Signal()
"""Twilio confirms that somebody is held, muted or coached, or is not. `participant`: the Participant, `at`: now."""

conversation_turned = Signal()
"""The phase or the owner has changed. `conference`: the Conference, `at`: now."""

conversation_closed = Signal()
"""The rules have ended it; `fate` says what becomes of the customer. `conference`: the Conference, `at`: now."""

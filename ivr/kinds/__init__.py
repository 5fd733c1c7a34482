"""The kinds of step. A new kind is a module here and a line below: forms, document, engine and checks read it there."""

from collections.abc import Mapping

from ivr.kinds.base import Step
from ivr.kinds.branch import Branch
from ivr.kinds.call_back import CallBack
from ivr.kinds.caller import Caller
from ivr.kinds.collect import Collect
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.consent import Consent
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.hang_up import HangUp
from ivr.kinds.hours import Hours
from ivr.kinds.language import Language
from ivr.kinds.look_up import LookUp
from ivr.kinds.menu import Menu
from ivr.kinds.message import Message
from ivr.kinds.queue import Queue
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.reject import Refuse
from ivr.kinds.ring import Ring
from ivr.kinds.send_away import SendAway
from ivr.kinds.set_values import SetValues
from ivr.kinds.share import Share
from ivr.kinds.text import Text
from ivr.kinds.voicemail import Voicemail

KINDS: Mapping[str, type[Step]] = {
    kind.KIND: kind
    for kind in (
        *(Message, Menu, Collect, Hours, Caller, Language, LookUp, Branch, SetValues, Share, Consent, Queue, CallBack),
        *(Ring, Text, Voicemail, ConferenceRoom, GoToFlow, SendAway, RawTwiml, HangUp),
        Refuse,
    )
}

KIND_CHOICES = [(kind.KIND, kind.LABEL) for kind in KINDS.values()]

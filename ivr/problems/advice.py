"""What somebody does about a problem, in a sentence for each code. Pure."""

from collections.abc import Mapping

_REACH = "Lead one of its exits to a step that goes on to an end: Hang up, a mailbox, or people."

ADVICE: Mapping[str, str] = {
    # the flow as a whole
    "broken": "Restore a version that could be read, or ask whoever looks after this system.",
    "no_first_step": "Choose the first step on the tab Flow.",
    "no_language": "Add a language with its voice on the tab Flow.",
    "unknown_language": "Choose another language on the tab Flow.",
    "unknown_voice": "Choose a voice from the list.",
    "foreign_voice": "Choose a voice that speaks the language; this one reads it with a foreign accent.",
    # ways
    "unreachable": "Lead an exit to it, or delete it.",
    "dead_end": _REACH,
    "dead_end_across": f"{_REACH} Or go on in a flow that has an end.",
    "loop": "Lead one of these exits elsewhere: each time round would cost the caller's patience and your money.",
    "loop_across": "Let one of these flows end the call, or ask the caller something before it goes on.",
    "too_many_steps": "Leave steps out, or ask the caller something between them. We end such calls with an apology.",
    "too_many_steps_across": "Leave steps out in one of the flows. We end such calls with an apology.",
    "missing_exit": "Open the step and choose where this exit leads.",
    "reject_not_first": "Lead here only from steps that say nothing, such as Opening hours, or use Hang up.",
    # what is said
    "missing_prompt": "Open the step and choose or write the prompt.",
    "missing_language": "Write or record it in this language; “Prompts by language” shows all that is missing.",
    "bad_markup": "Correct the mark, or leave it out: it would be read aloud.",
    "too_long": "Shorten the text, or divide it among several steps.",
    "no_number": "Write the name in braces where the number belongs. A sound cannot say a number.",
    "long_item": "Cut the sound into pieces of under a minute.",
    "unknown_variable": "Let a step before this one keep the value, or correct the name in braces.",
    "reserved_name": "Choose another name.",
    "not_understood": "Give each option a key as well.",
    "empty_wait": "Add music or a message to what callers hear while they wait.",
    # options
    "no_options": "Add at least one option.",
    "option_without_input": "Give the option a key or a word.",
    "option_without_language": "Choose the language that the option sets.",
    "option_without_value": "Write the value that takes this way.",
    "duplicate_keys": "Give one of them another key.",
    "duplicate_words": "Take the word from one of them: a caller who says it would be asked again.",
    "duplicate_values": "Take the value from one of them.",
    "hidden_option": "Give the shorter one another key, if callers dial slowly.",
    "words_while_waiting": "Give it a key in place of the words.",
    "keys_for_values": "Take the key away, or use a menu.",
    "nothing_decides": "Name the value that chooses the way.",
    "nothing_to_decide": "Add an option for each value, or name no value.",
    "never_taken": "Move it before the option that takes its calls, or take it away.",
    "bad_comparison": "Open the step and write what is to be so, as the help beside it shows.",
    "bad_address": "Open the step and write the address, or choose the other way of sending.",
    "address_not_allowed": "Use an address that begins with https:// and that anybody on the internet can reach.",
    "bad_twiml": "Correct it in the step; whoever may write raw TwiML sees the line and the column.",
    "sip_only": "Connect the exit “Refused, or no call by SIP”.",
    "nothing_to_share": "Add a second option.",
    "no_percentage": "Give the option its percentage.",
    "not_all_shared": "Change the percentages until they are 100 together.",
    "nothing_to_set": "Name a value, or take the step away.",
    "bad_value": "Write a name, an equals sign and the text.",
    "set_twice": "Take the first line away, or give it another name.",
    "bad_name": "Use small letters, digits and _, such as order_number.",
    "too_many_names": "Keep only what prompts or later steps use.",
    "impossible_length": "Make the least number of digits the smaller one.",
    # what a step refers to
    "missing_schedule": "Open the step and choose opening hours.",
    "missing_mailbox": "Open the step and choose a mailbox.",
    "missing_to_flow": "Open the step and choose a flow.",
    "missing_queue": "Open the step and choose a queue.",
    "missing_room": "Open the step and choose a conference room.",
    "missing_source": "Open the step and choose whom to ask.",
    "gone": "Choose another one in the draft and publish that.",
    "unpublished_flow": "Publish that flow first, or connect the exit “Flow is not published”.",
    "no_queue_before": "Put it behind a key of the queue step that names the same queue, so the place in line is kept.",
    # numbers
    "no_targets": "Write at least one number, client or SIP address.",
    "bad_target": "Write it as one of these.",
    "too_many_targets": "Ring one after the other, or use a queue.",
    "screening_together": "Choose “One after the other”.",
    "unknown_caller_id": "Choose one of your numbers: Twilio refuses to show others.",
    "unknown_country": "Write two capital letters, as in US or DE.",
    "country_not_allowed": "Choose another number, or have an administrator add the country under Limits of calls out.",
    "premium_number": "Choose another number: each call would be charged to you.",
    "impossible_number": "Correct the number.",
    "emergency_number": "No flow may ring an emergency number. Tell callers to dial it themselves.",
    "no_number_to_call_from": "Give the queue a number of its own to show.",
    # people
    "nobody_takes": "Add members on the page of the queue.",
    "skill_nobody_holds": "Give a member the skill, or ask for less on the page of the queue.",
    "nobody_at_desk": (
        "No shifts are kept here, so this is judged by who was at a desk. Change the opening hours, or make sure that"
        " somebody is there; until then callers go on by “Nobody staffed”, or wait."
    ),
    # recording
    "secret_recorded": "Let the policy record from the beginning of the talk, if the flow need not be recorded.",
    "pause_too_short": "Ask fewer times or for a shorter time, or lengthen the pause on the page of the policy.",
    # holidays
    "holiday_without_prompt": "Choose a prompt for the holiday on the page of the opening hours.",
    "unconfirmed_holidays": "Look at the list on the page of the opening hours, and confirm it.",
}


def advice(code: str) -> str:
    """Give what to do about problems of a code, "" where the sentence says it already."""
    return ADVICE.get(code, "")

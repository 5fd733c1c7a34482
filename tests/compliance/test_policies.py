"""Which policy counts, and who keeps a recorder from running: by tables, and by whatever Hypothesis thinks of."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as some

from compliance.policies import (
    AGREED,
    NO,
    TOLD,
    Asking,
    Entry,
    Facts,
    Present,
    Rule,
    closest,
    drawn,
    governing,
    has_refused,
    missing,
    owes,
    possible,
    required,
)
from compliance.states import Answer, Direction, Mode, Party, Subject

CALL = UUID(int=7)
CALLS = [uuid5(CALL, str(number)) for number in range(4000)]
OURS, OTHER = "+15005550100", "+15005550199"
HERE = Facts(number=OURS, flow=3, queue=8, direction=Direction.INBOUND)
CUSTOMER = Present(Party.CUSTOMER)
GUEST, STRANGER = Present(Party.OUTSIDE, "a1"), Present(Party.OUTSIDE, "b2")
ANN = Present(Party.COLLEAGUE, "c3")


# ---- which policy counts


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(1), True),
        (Rule(1, number=OURS), True),
        (Rule(1, number=OTHER), False),
        (Rule(1, flow=3), True),
        (Rule(1, flow=4), False),
        (Rule(1, queue=8), True),
        (Rule(1, queue=9), False),
        (Rule(1, direction=Direction.INBOUND), True),
        (Rule(1, direction=Direction.OUTBOUND), False),
        (Rule(1, number=OURS, flow=3, queue=8, direction=Direction.INBOUND), True),
        (Rule(1, number=OURS, flow=3, queue=9), False),
        (Rule(1, subject=Subject.AGENT), False),
        (Rule(1, subject=Subject.VOICEMAIL), False),
    ],
)
def test_all_that_a_rule_names_must_fit(rule, fits):
    assert governing([rule], Subject.CONVERSATION, HERE, call=CALL) == (rule if fits else None)


def test_what_a_call_does_not_have_fits_no_rule_that_names_it():
    nowhere = Facts()

    assert governing([Rule(1, queue=8)], Subject.CONVERSATION, nowhere, call=CALL) is None
    assert governing([Rule(2, flow=3)], Subject.CONVERSATION, nowhere, call=CALL) is None
    assert governing([Rule(3, number=OURS)], Subject.CONVERSATION, nowhere, call=CALL) is None
    assert governing([Rule(4)], Subject.CONVERSATION, nowhere, call=CALL) == Rule(4)


WEAKER_FIRST = [
    Rule(90),
    Rule(91, direction=Direction.INBOUND),
    Rule(80, number=OURS),
    Rule(70, flow=3),
    Rule(60, queue=8),
    Rule(50, number=OURS, direction=Direction.INBOUND),
    Rule(40, flow=3, direction=Direction.INBOUND),
    Rule(41, flow=3, number=OURS),
    Rule(30, queue=8, direction=Direction.INBOUND),
    Rule(31, queue=8, number=OURS),
    Rule(32, queue=8, flow=3),
    Rule(20, number=OURS, flow=3, direction=Direction.INBOUND),
    Rule(21, number=OURS, queue=8, flow=3),
    Rule(10, number=OURS, flow=3, queue=8, direction=Direction.INBOUND),
]


@pytest.mark.parametrize("place", range(1, len(WEAKER_FIRST)))
def test_the_most_specific_rule_counts_whatever_the_order(place):
    weaker, stronger = WEAKER_FIRST[place - 1 : place + 1]

    assert governing([weaker, stronger], Subject.CONVERSATION, HERE, call=CALL) == stronger
    assert governing([stronger, weaker], Subject.CONVERSATION, HERE, call=CALL) == stronger


def test_of_two_that_name_the_same_the_newer_counts():
    assert governing([Rule(5, queue=8), Rule(4, queue=8)], Subject.CONVERSATION, HERE, call=CALL) == Rule(5, queue=8)


def test_subjects_have_rules_of_their_own():
    rules = [Rule(1, queue=8), Rule(2, subject=Subject.AGENT)]

    assert governing(rules, Subject.AGENT, HERE, call=CALL) == rules[1]
    assert governing(rules, Subject.CONVERSATION, HERE, call=CALL) == rules[0]
    assert governing(rules, Subject.VOICEMAIL, HERE, call=CALL) is None


def test_a_rule_that_leaves_a_call_out_hands_it_to_no_other():
    rules = [Rule(1), Rule(2, queue=8, share=0)]

    assert governing(rules, Subject.CONVERSATION, HERE, call=CALL) is None
    assert governing(rules, Subject.CONVERSATION, Facts(), call=CALL) == Rule(1)


def test_a_call_that_does_not_exist_yet_is_among_every_share():
    assert governing([Rule(1, share=0)], Subject.CONVERSATION, HERE, call=None) == Rule(1, share=0)


# ---- which calls


@pytest.mark.parametrize("share", [1, 10, 50, 90, 99])
def test_about_so_many_calls_are_drawn_as_the_share_says(share):
    count = sum(drawn(call, Rule(1, share=share)) for call in CALLS)

    off = 4 * (len(CALLS) * share * (100 - share)) ** 0.5 / 100  # four standard deviations
    assert abs(count - len(CALLS) * share / 100) <= off


def test_a_share_of_all_is_all_and_one_of_nothing_is_nothing():
    assert all(drawn(call, Rule(1, share=100)) for call in CALLS)
    assert not any(drawn(call, Rule(1, share=0)) for call in CALLS)


def test_the_lot_of_a_call_is_the_same_each_time_and_another_one_for_another_rule():
    half, other = Rule(1, share=50), Rule(2, share=50)

    assert [drawn(call, half) for call in CALLS] == [drawn(call, half) for call in CALLS]
    both = sum(drawn(call, half) and drawn(call, other) for call in CALLS)
    assert 0.2 < both / len(CALLS) < 0.3


def test_who_is_drawn_for_a_small_share_is_drawn_for_a_greater_one():
    for call in CALLS[:200]:
        lots = [drawn(call, Rule(1, share=share)) for share in range(101)]
        assert lots == sorted(lots)


# ---- in which language


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("de-DE", "de-DE"),
        ("de-AT", "de-DE"),  # another country's form of it
        ("de", "de-DE"),
        ("en-GB", "en-GB"),
        ("en-AU", "en-GB"),
        ("fr-FR", "en-GB"),  # any English is better than a third language
        ("", "en-GB"),
    ],
)
def test_the_nearest_language_is_spoken(wanted, chosen):
    languages = ["da-DK", "de-DE", "en-GB"]

    assert languages[closest(languages, wanted)] == chosen


def test_where_there_is_no_english_the_first_language_is_spoken():
    assert closest(["da-DK", "de-DE"], "fr-FR") == 0


# ---- who is asked


@pytest.mark.parametrize(
    ("mode", "customer", "outside", "colleague"),
    [
        (Mode.NONE, set(), set(), set()),
        (Mode.ANNOUNCE, TOLD, set(), set()),
        (Mode.ASK_ONE, AGREED, set(), set()),
        (Mode.ASK_EVERY, AGREED, AGREED, TOLD),
    ],
)
def test_whom_a_policy_asks(mode, customer, outside, colleague):
    assert required(mode, Party.CUSTOMER) == customer
    assert required(mode, Party.OUTSIDE) == outside
    assert required(mode, Party.COLLEAGUE) == colleague


def told(*answers: str, policy: int = 1, wording: str = "", who: Present = CUSTOMER) -> list[Entry]:
    return [Entry(who.party, answer, policy, wording, who.who) for answer in answers]


@pytest.mark.parametrize(
    ("answers", "mode", "refused", "owed"),
    [
        ((), Mode.NONE, False, False),
        ((), Mode.ANNOUNCE, False, True),
        ((), Mode.ASK_ONE, False, True),
        (("told",), Mode.ANNOUNCE, False, False),
        (("told",), Mode.ASK_ONE, False, True),  # to have heard of it is not to agree
        (("agreed",), Mode.ANNOUNCE, False, False),
        (("agreed",), Mode.ASK_ONE, False, False),
        (("silent",), Mode.ASK_ONE, False, True),  # no answer is no consent: asked again elsewhere
        (("silent", "agreed"), Mode.ASK_ONE, False, False),
        (("agreed", "silent"), Mode.ASK_ONE, False, False),
        (("refused",), Mode.NONE, True, False),  # who has said no is left in peace, whoever asked
        (("refused",), Mode.ANNOUNCE, True, False),
        (("refused",), Mode.ASK_ONE, True, False),
        (("told", "withdrawn"), Mode.ANNOUNCE, True, False),
        (("agreed", "withdrawn"), Mode.ASK_ONE, True, False),
        (("refused", "agreed"), Mode.ASK_ONE, False, False),
        (("agreed", "withdrawn", "agreed"), Mode.ASK_ONE, False, False),
        (("agreed", "withdrawn", "told"), Mode.ANNOUNCE, True, False),  # a notice does not undo a no
    ],
)
def test_what_a_customer_has_said_so_far(answers, mode, refused, owed):
    entries = told(*answers)

    assert has_refused(entries, CUSTOMER) == refused
    assert owes(Asking(1, mode), entries, CUSTOMER) == owed
    assert bool(missing(Asking(1, mode), entries, [CUSTOMER])) == (refused or owed)


def test_who_agreed_to_the_same_words_for_another_policy_is_not_asked_again():
    entries = told("agreed", policy=1, wording="May we?")

    assert not owes(Asking(2, Mode.ASK_ONE, frozenset({"May we?", "Dürfen wir?"})), entries, CUSTOMER)
    assert owes(Asking(2, Mode.ASK_ONE, frozenset({"May we keep it for training?"})), entries, CUSTOMER)


def test_an_entry_without_words_is_for_its_own_policy_alone():
    entries = told("agreed", policy=1)

    assert owes(Asking(2, Mode.ASK_ONE, frozenset({""})), entries, CUSTOMER)


def test_who_takes_it_back_and_agrees_to_something_else_has_not_agreed_to_the_first_again():
    entries = [*told("agreed", "withdrawn", policy=1), *told("agreed", policy=2)]

    assert not has_refused(entries, CUSTOMER)
    assert missing(Asking(1, Mode.ASK_ONE), entries, [CUSTOMER]) == (CUSTOMER,)
    assert missing(Asking(2, Mode.ASK_ONE), entries, [CUSTOMER]) == ()


def test_a_no_counts_for_every_policy_of_the_call_until_the_next_yes():
    entries = [*told("agreed", policy=1), *told("refused", policy=2)]

    assert missing(Asking(1, Mode.ASK_ONE), entries, [CUSTOMER]) == (CUSTOMER,)
    assert missing(Asking(3, Mode.NONE), entries, [CUSTOMER]) == (CUSTOMER,)


def test_one_guests_answer_is_not_another_guests():
    entries = [*told("agreed"), *told("agreed", who=GUEST), *told("told", who=ANN)]
    asking = Asking(1, Mode.ASK_EVERY)

    assert missing(asking, entries, [CUSTOMER, GUEST, ANN]) == ()
    assert missing(asking, entries, [CUSTOMER, GUEST, STRANGER, ANN]) == (STRANGER,)
    assert missing(asking, told("agreed", who=GUEST), [CUSTOMER]) == (CUSTOMER,)


def test_the_customer_is_one_person_on_whatever_leg():
    entries = [Entry(Party.CUSTOMER, Answer.AGREED, 1, "", "an earlier leg")]

    assert missing(Asking(1, Mode.ASK_ONE), entries, [CUSTOMER]) == ()


# ---- whatever happens


people = some.sampled_from([CUSTOMER, GUEST, STRANGER, ANN])
entries_of_any = some.lists(
    some.builds(
        lambda who, answer, policy, wording: Entry(who.party, answer, policy, wording, who.who),
        people,
        some.sampled_from(list(Answer)),
        some.integers(1, 3),
        some.sampled_from(["", "May we?", "We do."]),
    ),
    max_size=12,
)
askings = some.builds(
    Asking,
    some.integers(1, 3),
    some.sampled_from(list(Mode)),
    some.sampled_from([frozenset[str](), frozenset({"May we?"}), frozenset({"We do.", "May we?"})]),
)


@given(askings, entries_of_any, some.sets(people))
def test_a_recorder_may_run_only_with_an_entry_for_everybody_whom_its_policy_asks(asking, entries, there):
    if missing(asking, entries, there):
        return

    for one in there:
        mine = [entry for entry in entries if entry.party == one.party and one.who in ("", entry.who)]
        nos = [place for place, entry in enumerate(mine) if entry.answer in NO]
        since = mine[nos[-1] + 1 :] if nos else mine
        wanted = required(asking.mode, one.party)
        covering = [one for one in since if one.policy == asking.policy or one.wording in asking.wordings - {""}]
        assert not wanted or any(entry.answer in wanted for entry in covering)
        assert not nos or any(entry.answer in AGREED for entry in since)


@given(askings, entries_of_any, people)
def test_whoever_refuses_stops_it_whatever_was_before(asking, entries, one):
    for answer in NO:
        no = Entry(one.party, answer, 9, "", one.who)
        assert missing(asking, [*entries, no], [one]) == (one,)


@given(askings, entries_of_any, people)
def test_whoever_agrees_now_keeps_nothing_from_running(asking, entries, one):
    yes = Entry(one.party, Answer.AGREED, asking.policy, "", one.who)

    assert missing(asking, [*entries, yes], [one]) == ()


@given(askings, entries_of_any, some.sets(people))
def test_it_is_enough_to_look_at_the_people_one_by_one(asking, entries, there):
    found = missing(asking, entries, there)

    assert set(found) == {one for one in there if missing(asking, entries, [one])}


rules_of_any = some.lists(
    some.builds(
        Rule,
        some.integers(1, 50),
        some.sampled_from(list(Subject)),
        some.sampled_from(["", OURS, OTHER]),
        some.sampled_from([None, 3, 4]),
        some.sampled_from([None, 8, 9]),
        some.sampled_from(list(Direction)),
    ),
    unique_by=lambda rule: rule.id,
)


@given(rules_of_any, some.randoms(use_true_random=False))
def test_the_order_in_which_rules_are_read_does_not_matter(rules, chance):
    first = governing(rules, Subject.CONVERSATION, HERE, call=CALL)
    chance.shuffle(rules)

    assert governing(rules, Subject.CONVERSATION, HERE, call=CALL) == first
    assert first is None or first.fits(HERE)


# ---- which may count, where not everything is known


def ids(rules):
    return [rule.id for rule in rules]


def test_for_a_queue_those_are_told_that_may_count_until_one_counts_in_any_case():
    rules = [
        Rule(1),
        Rule(2, queue=8),
        Rule(3, queue=8, number=OURS),
        Rule(4, queue=9),
        Rule(5, number=OURS),
        Rule(6, queue=8, subject=Subject.AGENT),
    ]

    assert ids(possible(rules, Subject.CONVERSATION, Facts(queue=8, direction=""))) == [3, 2]
    assert ids(possible(rules, Subject.CONVERSATION, Facts(queue=7, direction=""))) == [5, 1]
    assert ids(possible(rules, Subject.CONVERSATION, Facts(number=OTHER, queue=7, direction=""))) == [1]


@given(rules_of_any, some.sampled_from([None, 8, 9]), some.sampled_from([None, 3]), some.sampled_from(["", OURS]))
def test_whichever_counts_for_a_call_is_among_those_that_may(rules, queue, flow, number):
    known = Facts(number, flow, queue, direction="")
    told = possible(rules, Subject.CONVERSATION, known)

    for direction in (Direction.INBOUND, Direction.OUTBOUND):
        facts = Facts(number or OURS, flow or 3, queue or 8, direction)
        counts = governing(rules, Subject.CONVERSATION, facts, call=None)
        assert counts is None or counts in told

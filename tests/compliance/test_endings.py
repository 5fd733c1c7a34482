from datetime import timedelta

import pytest

from compliance.endings import OF_SETTINGS, Ending, RulesNow
from compliance.keeping import Rule
from compliance.states import Kept
from tests.agents.factories import team
from tests.calls.factories import AT
from tests.compliance.keepers import OURS, make_queue, make_rule

pytestmark = pytest.mark.django_db


def test_the_rules_are_read_once_for_all_items_of_a_page(django_assert_num_queries):
    sales, support = make_queue(), team()
    every = make_rule(Kept.RECORDING, 30)
    make_rule(Kept.RECORDING, 90, team=support)
    make_rule(Kept.RECORDING, 60, queue=sales)
    make_rule(Kept.RECORDING, None, number=OURS)

    with django_assert_num_queries(1):
        rules = RulesNow.read()
        endings = [
            rules.ending(Kept.RECORDING, AT),
            rules.ending(Kept.RECORDING, AT, team=support.pk),
            rules.ending(Kept.RECORDING, AT, queue=sales.pk, team=support.pk),
            rules.ending(Kept.RECORDING, AT, number=OURS, queue=sales.pk),
        ]

    days = [None if ending.at is None else (ending.at - AT).days for ending in endings]
    assert days == [30, 90, 60, None]
    assert endings[0].rule is not None
    assert endings[0].rule.id == every.pk
    assert [ending.words for ending in endings] == [
        "All recordings go after 30 days.",
        f"Recordings of the team {support} go after 90 days.",
        f"Recordings of the queue {sales} go after 60 days.",
        "Recordings of the number +1 500-555-0100 are kept until somebody deletes them.",
    ]


def test_what_no_rule_rules_has_no_end():
    make_rule(Kept.CALL, 1)

    rules = RulesNow.read()

    assert rules.ending(Kept.VOICEMAIL, AT) == Ending(None, None, "No rule: kept until somebody deletes it.")
    assert rules.ending(Kept.CALL, AT).at == AT + timedelta(days=1)


def test_requests_of_twilio_go_after_the_days_of_the_settings_where_no_rule_is_for_all_of_them(settings):
    settings.TWILIO_DELIVERY_DAYS = 14
    make_rule(Kept.DELIVERY, 90, number=OURS)

    by_settings = RulesNow.read().ending(Kept.DELIVERY, AT)
    of_number = RulesNow.read().ending(Kept.DELIVERY, AT, number=OURS)
    make_rule(Kept.DELIVERY, 7)

    assert by_settings.at == AT + timedelta(days=14)
    assert by_settings.rule == Rule(OF_SETTINGS, Kept.DELIVERY, 14)
    assert of_number.at == AT + timedelta(days=90)
    assert RulesNow.read().ending(Kept.DELIVERY, AT).at == AT + timedelta(days=7)

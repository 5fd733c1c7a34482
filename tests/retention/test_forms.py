import pytest
from django.forms import ValidationError

from retention.forms import DeleteForm, HoldForm, NumberField, ReviewForm, RuleForm, TypedForm
from tests.agents.factories import user
from tests.compliance.keepers import make_queue, make_rule

OWNER = {"name": "Case", "reason": "-", "review_at": "2099-01-01"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", ""),
        ("(415) 555-0123", "+14155550123"),
        ("+44 20 7946 0018", "+442079460018"),
        ("client:ann", "client:ann"),
        ("sip:ann@company.example", "sip:ann@company.example"),
    ],
)
def test_numbers_are_read_in_any_spelling(typed, number):
    assert NumberField().clean(typed) == number


@pytest.mark.parametrize("typed", ["Ann", "12", "anonymous"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError, match="no telephone number"):
        NumberField().clean(typed)


@pytest.mark.django_db
def test_a_rule_may_have_the_scope_of_another_kind_and_not_of_its_own():
    queue = make_queue()
    make_rule("recording", 30, queue=queue)

    same = RuleForm({"kind": "recording", "days": "10", "queue": str(queue.pk)})
    other = RuleForm({"kind": "call", "days": "10", "queue": str(queue.pk)})
    wider = RuleForm({"kind": "recording", "days": "10"})

    assert not same.is_valid()
    assert other.is_valid()
    assert wider.is_valid()


@pytest.mark.django_db
def test_a_rule_without_days_keeps():
    form = RuleForm({"kind": "recording", "days": ""})

    assert form.is_valid()
    assert form.save(commit=False).days is None


@pytest.mark.django_db
def test_a_hold_needs_something_to_hold_and_an_owner_who_works_here():
    gone = user(is_active=False)

    assert not HoldForm(OWNER | {"owner": user().pk}).is_valid()
    assert not HoldForm(OWNER | {"owner": gone.pk, "caller": "+14155550123"}).is_valid()
    assert HoldForm(OWNER | {"owner": user().pk, "caller": "+14155550123"}).is_valid()


def test_the_small_forms_take_what_makes_sense():
    for typed in ("18204", "18,204", "18 204", "18.204", "18'204"):
        form = TypedForm({"typed": typed})
        assert form.is_valid()
        assert form.cleaned_data["typed"] == 18204
    assert not TypedForm({"typed": "-1"}).is_valid()
    assert not DeleteForm({"reason": "no"}).is_valid()
    assert DeleteForm({"reason": "asked for"}).is_valid()
    assert not ReviewForm({"again_at": "2001-01-01"}).is_valid()

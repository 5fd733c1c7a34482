import math

import pytest

from ivr.kinds import KINDS
from ivr.kinds.settings import Broken, Setting

WHOLE = Setting(int, 5, "Seconds", minimum=1, maximum=60)
DECIMAL = Setting(float, 0.5, "Confidence", minimum=0, maximum=1)
CHOICE = Setting(str, "#", "Key", choices=(("#", "#"), ("", "None")))
NAME = Setting(str, "digits", "Name", pattern="[a-z]+")
LINES = Setting(tuple, (), "Targets")
FLAG = Setting(bool, False, "Secret")


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        (WHOLE, 1, 1),
        (WHOLE, 60, 60),
        (DECIMAL, 1, 1.0),
        (DECIMAL, 0.25, 0.25),
        (CHOICE, "", ""),
        (NAME, "account", "account"),
        (LINES, [" a ", "", "b\r"], ("a", "b")),
        (FLAG, True, True),
    ],
)
def test_a_value_of_the_right_kind_is_read(setting, value, expected):
    found = setting.read(value)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (WHOLE, 0, "Seconds: from 1 to 60, not 0"),
        (WHOLE, 61, "Seconds: from 1 to 60, not 61"),
        (WHOLE, 1.5, "Seconds: a whole number is wanted, not 1.5"),
        (WHOLE, False, "Seconds: a whole number is wanted, not False"),
        (WHOLE, None, "Seconds: a whole number is wanted, not None"),
        (DECIMAL, "0.5", "Confidence: a number is wanted, not '0.5'"),
        (DECIMAL, math.nan, "Confidence: from 0 to 1, not nan"),
        (CHOICE, "1", "Key: '1' is none of #, "),
        (NAME, "Account", "Name: 'Account' is not possible here"),
        (NAME, "account\n", "is not possible here"),
        (LINES, "a", "Targets: a list of texts is wanted"),
        (LINES, [1], "Targets: a list of texts is wanted"),
        (FLAG, 1, "Secret: yes or no is wanted, not 1"),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(setting, value, sentence):
    with pytest.raises(Broken) as told:
        setting.read(value)

    assert sentence in str(told.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_of_each_setting_is_a_value_of_it(kind):
    for setting in KINDS[kind].settings().values():
        assert setting.read(setting.default) == setting.default
        assert setting.label

import pytest

from recordings import notices
from recordings.models import MissedCall
from tests.calls.factories import AT, make_call
from tests.recordings.factories import make_mailbox, make_recording, make_voicemail

pytestmark = pytest.mark.django_db


def test_the_notice_of_a_voicemail_has_a_link_and_nothing_of_the_caller() -> None:
    call = make_call(from_number="+14155550123", caller_name="ANN EXAMPLE")
    mailbox = make_mailbox("Sales & <Co>", addressees="ann@example.com bob@example.com")
    voicemail = make_voicemail(mailbox, make_recording(call=call, seconds=31))

    message = notices.of_voicemail(voicemail)

    html = str(message.alternatives[0][0])
    link = f"https://contact.example.com/admin/recordings/voicemail/{voicemail.pk}/change/"
    assert message.subject == "New voicemail in Sales & <Co>"
    assert message.to == ["ann@example.com", "bob@example.com"]
    for text in (str(message.body), html):
        assert link in text
        assert "31 seconds long" in text
        assert "Monday, 2 March, 15:00 UTC" in text
        assert "0123" not in text
        assert "ANN" not in text
    assert "Sales & <Co>" in str(message.body)
    assert "Sales &amp; &lt;Co&gt;" in html


def test_the_notice_of_a_missed_call_leads_to_the_call() -> None:
    call = make_call()
    missed = MissedCall.objects.create(mailbox=make_mailbox(addressees="ann@example.com"), call=call, at=AT)

    message = notices.of_missed_call(missed)

    assert message.subject == "Missed call at Sales"
    assert f"https://contact.example.com/admin/calls/call/{call.pk}/change/" in message.body


def test_a_mailbox_whose_name_has_lines_gives_no_header_of_its_own() -> None:
    mailbox = make_mailbox("Sales\r\nBcc: eve@example.com", addressees="ann@example.com")

    message = notices.of_voicemail(make_voicemail(mailbox))

    assert message.message()["Subject"] == "New voicemail in Sales Bcc: eve@example.com"
    assert message.message()["Bcc"] is None

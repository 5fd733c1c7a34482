import pytest
from django.core.mail import EmailMultiAlternatives

from recordings import notices
from recordings.models import MissedCall, Voicemail
from recordings.said import with_what_was_said
from tests.calls.factories import AT, make_call
from tests.recordings.factories import make_mailbox, make_recording, make_stored, make_transcript, make_voicemail

pytestmark = pytest.mark.django_db


def notice(voicemail: Voicemail) -> EmailMultiAlternatives:
    return notices.of_voicemail(with_what_was_said(Voicemail.objects.filter(pk=voicemail.pk)).get())


def test_the_notice_of_a_voicemail_has_a_link_and_nothing_of_the_caller() -> None:
    call = make_call(from_number="+14155550123", caller_name="ANN EXAMPLE")
    mailbox = make_mailbox("Sales & <Co>", addressees="ann@example.com bob@example.com")
    voicemail = make_voicemail(mailbox, make_recording(call=call, seconds=31))

    message = notice(voicemail)

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

    message = notice(make_voicemail(mailbox))

    assert message.message()["Subject"] == "New voicemail in Sales Bcc: eve@example.com"
    assert message.message()["Bcc"] is None


def test_what_was_said_stands_in_the_notice_where_the_mailbox_allows_it() -> None:
    mailbox = make_mailbox(addressees="ann@example.com", tells_transcript=True)
    voicemail = make_voicemail(mailbox, make_stored())
    make_transcript(voicemail, "I said <b>call me</b> & soon,\nat +1 415 555 0123. " + "Again. " * 2000)

    message = notice(voicemail)

    plain, html = str(message.body), str(message.alternatives[0][0])
    assert "I said <b>call me</b> & soon,\nat" in plain
    assert "I said &lt;b&gt;call me&lt;/b&gt; &amp; soon,<br>at" in html
    for text in (plain, html):
        assert "0123" not in text
        assert len(text) < 8000
    assert message.attachments == []


def test_what_was_said_stands_in_no_other_notice() -> None:
    voicemail = make_voicemail(make_mailbox(addressees="ann@example.com"), make_stored())
    make_transcript(voicemail, "Please call me.")

    message = notice(voicemail)

    for text in (str(message.body), str(message.alternatives[0][0])):
        assert "Please call me." not in text
        assert "as text" not in text


def test_a_notice_that_waited_in_vain_says_why_there_is_no_text() -> None:
    mailbox = make_mailbox(addressees="ann@example.com", tells_transcript=True)

    message = notice(make_voicemail(mailbox, make_stored(transcribes=True)))

    for text in (str(message.body), str(message.alternatives[0][0])):
        assert "What was said is not here as text. The transcript is being made." in text

import base64
import io
import wave

import pytest
import requests

from simulator.audio import SpokenVoice, telephone
from simulator.audio_tracks import read_wav, wav
from simulator.production import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from tests.patience import PATIENCE
from tests.simulator.live import PAGE, live_simulator, twiml_app

NUMBER, CALLER, DESK = "+15005550100", "+14155550100", "client:desk"
REST = f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}"
AUTH = (SIMULATED_ACCOUNT, SIMULATED_TOKEN)

MENU = '<Response><Gather numDigits="1" timeout="30" action="/pressed"><Say>Press one.</Say></Gather></Response>'


@pytest.fixture
def live():
    with live_simulator(admin_url="http://127.0.0.1:8000/admin/", speed=5) as running:
        yield running


@pytest.fixture
def menu(live):
    """A number that answers with a menu, and a phone to call it from."""
    documents = {"/voice": MENU, "/pressed": "<Response><Say>Thank you.</Say><Pause length='30'/></Response>"}
    with twiml_app(documents) as app:
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice", friendly_name="Main line")
        live.simulator.add_phone(CALLER, name="Caller")
        yield app
        for leg in live.snapshot()["legs"]:
            if "hang_up" in leg["can"]:
                live.post(f"/sim/calls/{leg['sid']}/hang-up")


def heard(text):
    return lambda snapshot: next(
        (leg for leg in snapshot["legs"] if any(text in entry["text"] for entry in leg["heard"])), None
    )


def test_a_call_is_dialled_heard_and_answered_by_a_key(live, menu):
    dialled = live.post("/sim/dial", {"from": CALLER, "to": NUMBER})
    sid = dialled.json()["sid"]
    live.wait_for(heard("Press one."))

    pressed = live.post(f"/sim/calls/{sid}/press", {"digits": "1"})

    assert (dialled.status_code, pressed.status_code) == (201, 204)
    live.wait_for(heard("Thank you."))
    assert [(path, fields.get("Digits")) for path, fields in menu.asked] == [("/voice", None), ("/pressed", "1")]


def test_a_snapshot_gives_only_the_exchanges_after_the_last_one_seen(live, menu):
    live.post("/sim/dial", {"from": CALLER, "to": NUMBER})
    last = live.wait_for(lambda snapshot: snapshot["exchanges"])[-1]["id"]

    assert live.snapshot(since=last)["exchanges"] == []
    assert live.get("/sim/snapshot?since=x").status_code == 400


def test_a_snapshot_tells_the_page_about_the_admin_and_the_run(live):
    snapshot = live.snapshot()

    assert snapshot["admin_url"] == "http://127.0.0.1:8000/admin/"
    assert snapshot["run"] == live.server.run


def test_what_people_say_reaches_the_application(live, menu):
    menu.documents["/voice"] = MENU.replace("<Gather", '<Gather input="speech" speechTimeout="1"')
    sid = live.post("/sim/dial", {"from": CALLER, "to": NUMBER}).json()["sid"]
    live.wait_for(lambda snapshot: any("speak" in leg["can"] for leg in snapshot["legs"]) and heard("Press")(snapshot))

    assert live.post(f"/sim/calls/{sid}/speak", {"text": "yes please"}).status_code == 204

    live.wait_for(heard("Thank you."))
    assert menu.asked[-1][1]["SpeechResult"] == "yes please"


def test_what_people_did_is_in_the_snapshot_for_every_page(live, menu):
    sid = live.post("/sim/dial", {"from": CALLER, "to": NUMBER}).json()["sid"]
    live.wait_for(heard("Press one."))

    live.post(f"/sim/calls/{sid}/press", {"digits": "1"})
    live.post(f"/sim/calls/{sid}/press", {"digits": "x"})
    live.post(f"/sim/calls/{sid}/speak", {"text": "hello"})

    assert [(did["kind"], did["text"]) for did in live.snapshot()["did"][sid]] == [("keys", "1"), ("words", "hello")]


def test_what_can_be_said_with_a_real_voice_on_every_machine_is_offered(live):
    offered = live.get("/sim/sentences").json()

    assert "Yes, please." in offered
    voice = SpokenVoice(programs=())
    assert len({voice.speech(text) for text in offered}) == len(offered) >= 6


def test_an_uploaded_sound_is_spoken_and_a_file_without_sound_is_refused(live, menu):
    sid = live.post("/sim/dial", {"from": CALLER, "to": NUMBER}).json()["sid"]
    live.wait_for(heard("Press one."))

    def upload(data):
        return requests.post(f"{live.url}/sim/calls/{sid}/audio", data=data, headers=PAGE, timeout=PATIENCE)

    assert upload(wav([b"\x00\x10" * 4000])).status_code == 204
    refused = upload(b"no sound")
    assert refused.status_code == 400
    assert "cannot be spoken" in refused.json()["error"]


def test_a_called_phone_is_answered_or_declined(live, menu):
    live.simulator.add_phone(DESK, name="Desk")
    menu.documents["/voice"] = f"<Response><Dial><Client>{DESK.partition(':')[2]}</Client></Dial></Response>"

    for act, status in (("decline", "busy"), ("answer", "in-progress")):
        live.post("/sim/dial", {"from": CALLER, "to": NUMBER})
        ringing = live.wait_for(
            lambda snapshot: next((leg for leg in snapshot["legs"] if "answer" in leg["can"]), None)
        )
        assert ringing["phone"] == DESK
        assert live.post(f"/sim/calls/{ringing['sid']}/{act}").status_code == 204
        live.wait_for(
            lambda snapshot, sid=ringing["sid"], status=status: any(
                leg["sid"] == sid and leg["status"] == status for leg in snapshot["legs"]
            )
        )


def test_what_cannot_be_done_is_refused_with_a_sentence(live):
    unknown = live.post("/sim/dial", {"from": CALLER, "to": "+15005550999"})
    nobody = live.post("/sim/calls/CA00000000000000000000000000000000/press", {"digits": "1"})
    button = live.post("/sim/calls/CA00000000000000000000000000000000/sing")

    assert (unknown.status_code, nobody.status_code, button.status_code) == (409, 409, 404)
    assert all(answer.json()["error"].endswith(".") for answer in (unknown, nobody, button))


@pytest.mark.parametrize("data", [[], {"from": 1, "to": NUMBER}])
def test_a_request_that_is_not_understood_is_refused(live, data):
    assert live.post("/sim/dial", data).status_code in (400, 409)


def test_a_phone_is_added_and_gets_another_habit(live):
    live.post("/sim/phones", {"address": DESK, "name": "Desk", "habit": "asks"})
    changed = live.post("/sim/phones", {"address": DESK, "name": "Desk", "habit": "busy", "after": 1})

    phone = next(phone for phone in live.snapshot()["phones"] if phone["address"] == DESK)
    assert changed.status_code == 204
    assert (phone["habit"], phone["after"]) == ("busy", 1)
    assert live.post("/sim/phones", {"address": DESK, "habit": "sings"}).status_code == 400


def test_faults_are_set_within_their_bounds(live):
    assert live.post("/sim/faults", {"drop": 0.25}).status_code == 204
    assert live.post("/sim/faults", {"drop": 2}).status_code == 400
    assert live.post("/sim/faults", {"drop": "often"}).status_code == 400

    assert live.snapshot()["faults"]["drop"] == 0.25


def test_the_stream_tells_of_changes(live):
    with live.get("/sim/events", stream=True) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        assert next(line for line in lines if line.startswith("data:")) == f"data: {live.server.run}"

        live.simulator.add_phone(DESK, name="Desk")

        assert next(line for line in lines if line.startswith("event:")) == "event: changed"


def test_the_rest_api_answers_under_twilios_paths(live):
    live.simulator.add_number(NUMBER)

    numbers = live.get(f"{REST}/IncomingPhoneNumbers.json", auth=AUTH)
    stranger = live.get(f"{REST}/IncomingPhoneNumbers.json")

    assert [number["phone_number"] for number in numbers.json()["incoming_phone_numbers"]] == [NUMBER]
    assert (stranger.status_code, stranger.json()["code"]) == (401, 20003)


def test_a_number_is_pointed_at_an_application_by_rest(live):
    sid = live.simulator.add_number(NUMBER)
    update = {"VoiceUrl": "http://127.0.0.1:1/voice"}

    answer = requests.post(
        f"{live.url}{REST}/IncomingPhoneNumbers/{sid}.json", data=update, auth=AUTH, timeout=PATIENCE
    )

    assert answer.json()["voice_url"] == "http://127.0.0.1:1/voice"


@pytest.fixture
def message(live, menu):
    """A message that a caller has left."""
    menu.documents["/voice"] = '<Response><Record action="/pressed" maxLength="20" timeout="1"/></Response>'
    sid = live.post("/sim/dial", {"from": CALLER, "to": NUMBER}).json()["sid"]
    live.wait_for(lambda snapshot: any("recording" in leg["doing"] for leg in snapshot["legs"]))
    live.post(f"/sim/calls/{sid}/speak", {"text": "Yes, please."})
    return live.wait_for(
        lambda snapshot: next((each for each in snapshot["recordings"] if each["status"] == "completed"), None)
    )


def test_a_recordings_sound_is_served_whole_by_range_and_as_mp3(live, message):
    path = f"{REST}/Recordings/{message['sid']}"

    whole = live.get(f"{path}.wav", auth=AUTH)
    part = live.get(f"{path}.wav", auth=AUTH, headers={"Range": "bytes=44-143"})
    tail = live.get(f"{path}.wav", auth=AUTH, headers={"Range": "bytes=-10"})
    beyond = live.get(f"{path}.wav", auth=AUTH, headers={"Range": "bytes=99999999-"})

    assert int(whole.headers["Content-Length"]) == len(whole.content)
    with wave.open(io.BytesIO(whole.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
    assert (part.status_code, part.content) == (206, whole.content[44:144])
    assert part.headers["Content-Range"] == f"bytes 44-143/{len(whole.content)}"
    assert tail.content == whole.content[-10:]
    assert beyond.status_code == 416
    assert len(read_wav(telephone(live.get(f"{path}.mp3", auth=AUTH).content))) > 8000


def test_the_page_plays_a_recording_without_a_rest_request(live, message):
    answer = live.get(f"/sim/recordings/{message['sid']}.wav", headers={"Range": "bytes=0-3"})

    assert (answer.status_code, answer.content) == (206, b"RIFF")
    assert live.get("/sim/recordings/RE0.wav").status_code == 404
    assert not [each for each in live.snapshot()["exchanges"] if each["kind"] == "REST from app"]


def test_the_page_has_neither_inline_script_nor_inline_style(live):
    page = live.get("/").text

    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1


def test_too_much_is_refused(live):
    answer = requests.post(f"{live.url}{REST}/Calls.json", data=b"a" * 300_000, auth=AUTH, timeout=PATIENCE)

    assert answer.status_code == 413


def test_a_lost_answer_is_silence_though_the_request_was_done(live):
    sid = live.simulator.add_number(NUMBER, friendly_name="Before")
    live.simulator.faults.force("lost", path="IncomingPhoneNumbers", method="POST")
    number = f"{live.url}{REST}/IncomingPhoneNumbers/{sid}.json"

    with pytest.raises(requests.ReadTimeout):
        requests.post(number, data={"FriendlyName": "After"}, auth=AUTH, timeout=0.3)

    assert live.snapshot()["numbers"][0]["friendly_name"] == "After"


def test_a_path_reaches_the_rest_api_as_it_was_encoded(live):
    base = f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}/Conferences"
    login = (SIMULATED_ACCOUNT, SIMULATED_TOKEN)
    live.simulator.add_number("+15005550199")
    live.simulator.add_phone("+14155550177")
    form = {"From": "+15005550199", "To": "+14155550177", "Label": "50% Ann"}

    made = requests.post(f"{live.url}{base}/a%2Fb/Participants.json", data=form, auth=login, timeout=PATIENCE)
    found = live.get(f"{base}/{made.json()['conference_sid']}/Participants/50%25%20Ann.json", auth=login)

    assert made.status_code == 201
    assert found.json()["label"] == "50% Ann"
    assert live.snapshot()["conferences"][0]["name"] == "a/b"


def test_a_fault_is_forced_from_another_process(live):
    live.simulator.add_number(NUMBER)
    wish = {"fault": "429", "path": "IncomingPhoneNumbers", "times": 2}

    assert live.post("/sim/faults/force", wish).status_code == 204

    statuses = [live.get(f"{REST}/IncomingPhoneNumbers.json", auth=AUTH).status_code for _ in range(3)]
    assert statuses == [429, 429, 200]
    for bad in ({"fault": "hunger"}, {"fault": "cut", "times": 0}, {"fault": "cut", "times": "often"}, {}):
        assert live.post("/sim/faults/force", bad).status_code == 400


def test_recordings_are_planted_from_another_process(live):
    live.simulator.add_number(NUMBER)

    planted = live.post("/sim/recordings", {"seconds": 2, "channels": 1, "count": 3, "from": CALLER})

    assert planted.status_code == 201
    found = live.get(f"{REST}/Recordings.json", auth=AUTH).json()["recordings"]
    assert [each["sid"] for each in found] == planted.json()["sids"][::-1]
    assert len(live.get(f"{REST}/Recordings/{found[0]['sid']}.wav", auth=AUTH).content) == 44 + 2 * 16_000
    for bad in ({}, {"seconds": "long"}, {"seconds": 1, "count": 100_000}, {"seconds": 1, "callback": "file:///x"}):
        assert live.post("/sim/recordings", bad).status_code == 400
    assert live.post("/sim/recordings", {"seconds": -1}).status_code == 409


def test_a_text_is_written_answered_and_its_picture_shown(live, menu):
    menu.documents["/text"] = "<Response><Message>We open at nine.</Message></Response>"
    live.simulator.add_number(NUMBER, sms_url=f"{menu.url}/text")
    picture = {"type": "image/png", "data": base64.b64encode(b"\x89PNG").decode()}
    page = {"type": "text/html", "data": base64.b64encode(b"<script>").decode()}

    written = live.post("/sim/texts", {"from": CALLER, "to": NUMBER, "body": "Hi\nthere", "media": [picture, page]})

    assert written.status_code == 201
    shown = live.wait_for(lambda snapshot: len(snapshot["messages"]) == 2 and snapshot["messages"])
    assert (shown[0]["sid"], shown[0]["body"]) == (written.json()["sid"], "Hi\nthere")
    assert shown[1]["body"] == "We open at nine."
    asked = dict(menu.asked)["/text"]
    assert (asked["NumMedia"], asked["Body"]) == ("2", "Hi\nthere")
    seen, kept = (live.get(f"/sim/media/{medium['sid']}") for medium in shown[0]["media"])
    assert (seen.content, seen.headers["Content-Type"]) == (b"\x89PNG", "image/png")
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert kept.headers["Content-Disposition"] == "attachment"
    # The application gets it by its address, with credentials.
    assert requests.get(asked["MediaUrl0"], timeout=PATIENCE).status_code == 401
    assert requests.get(asked["MediaUrl0"], auth=AUTH, timeout=PATIENCE).content == b"\x89PNG"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"body": ""}, 409),
        ({"body": 5}, 400),
        ({"media": {}}, 400),
        ({"media": [{"type": "image/png"}]}, 400),
        ({"media": [{"type": "image/png", "data": "?"}]}, 400),
        ({"to": CALLER}, 409),
    ],
)
def test_a_text_that_cannot_be_written_is_refused(live, menu, asked, status):
    assert live.post("/sim/texts", {"from": CALLER, "to": NUMBER, "body": "Hi"} | asked).status_code == status


def test_a_picture_that_is_not_there_is_not_found(live):
    assert live.get("/sim/media/ME1").status_code == 404


def test_look_ups_and_prices_are_answered_at_their_addresses(live):
    line = live.get(f"/v2/PhoneNumbers/{CALLER}?Fields=line_type_intelligence", auth=AUTH)
    call, text = live.get(f"/v2/Voice/Numbers/{CALLER}", auth=AUTH), live.get("/v1/Messaging/Countries/US", auth=AUTH)

    assert line.json()["line_type_intelligence"]["type"] == "mobile"
    assert call.json()["iso_country"] == "US"
    assert text.json()["price_unit"] == "USD"
    assert live.get(f"/v2/Voice/Numbers/{CALLER}").status_code == 401


def test_a_phone_may_be_a_machine_and_a_landline(live):
    live.post(
        "/sim/phones", {"address": CALLER, "habit": "answers", "by": "machine", "greeting": 3, "texts": "landline"}
    )

    phone = next(each for each in live.snapshot()["phones"] if each["address"] == CALLER)
    assert (phone["by"], phone["greeting"], phone["beeps"], phone["texts"]) == ("machine", 3, True, "landline")
    for wrong in ({"by": "parrot"}, {"greeting": "long"}, {"beeps": 1}, {"texts": "sometimes"}):
        assert live.post("/sim/phones", {"address": CALLER} | wrong).status_code == 400

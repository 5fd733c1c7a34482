"""What the webhooks are measured against, under the same server, middleware and settings.

`row` does what any honest webhook must: check the signature, look the number up, keep one row. `fixed` answers by
heart.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from telephony.models import Delivery, PhoneNumber

_validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)


@csrf_exempt
def row(request: HttpRequest) -> HttpResponse:
    if not _is_signed(request):
        return HttpResponse(status=403)
    number = PhoneNumber.objects.filter(number=request.POST["To"]).first()
    Delivery.objects.create(
        identity=request.headers["I-Twilio-Idempotency-Token"],
        path=request.path,
        call_sid=request.POST["CallSid"],
        form=request.POST.dict(),
        received_at=timezone.now(),
    )
    return _greeting(number.friendly_name if number else "this number")


@csrf_exempt
def fixed(request: HttpRequest) -> HttpResponse:
    if not _is_signed(request):
        return HttpResponse(status=403)
    return _greeting("this number")


def _is_signed(request: HttpRequest) -> bool:
    url = settings.PUBLIC_BASE_URL + request.get_full_path()
    return bool(_validator.validate(url, request.POST, request.headers["X-Twilio-Signature"]))


def _greeting(name: str) -> HttpResponse:
    response = VoiceResponse()
    gather = Gather(action="/voice/menu", num_digits=1)
    gather.say(f"You have reached {name}. For sales press 1. For support press 2.")
    response.append(gather)
    response.redirect("/voice/menu")
    return HttpResponse(str(response), content_type="text/xml")

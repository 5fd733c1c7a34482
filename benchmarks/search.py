"""The first page of a search over all transcripts, whole as a person gets it, beside the same page over a thousandth.

Every search is a request to the application, with its session, rights, form, marked lines and entry in the log of
access. The reference is the same page of a table a hundred times as small: what does not grow with the table is the
same in both.
"""

import os
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from agents.models import User
from benchmarks import spoken
from benchmarks.spoken import World
from calls.models import Call
from contactcenter import home
from recordings.models import Recording, Transcript

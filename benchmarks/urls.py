"""The application's own addresses, and the references beside them."""

from django.urls import path

from benchmarks import references
from contactcenter.urls import urlpatterns as application

urlpatterns = [path("reference/row", references.row), path("reference/fixed", references.fixed), *application]

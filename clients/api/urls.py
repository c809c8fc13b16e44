from django.urls import path

from clients.api.inbound import InboundView
from clients.api.mentions import DeletionsView, MentionsView

urlpatterns = [
    path("mentions", MentionsView.as_view(), name="api_mentions"),
    path("mentions/deletions", DeletionsView.as_view(), name="api_mention_deletions"),
    path("inbound/<str:secret>/", InboundView.as_view(), name="api_inbound"),
]

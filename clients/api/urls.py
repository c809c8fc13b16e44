from django.urls import path

from clients.api.mentions import MentionsView

urlpatterns = [path("mentions", MentionsView.as_view(), name="api_mentions")]

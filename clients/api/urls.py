from django.urls import path

from clients.api.inbound import InboundView
from clients.api.key import KeyDetail
from clients.api.mentions import DeletionsView, MentionsView
from clients.api.peace import BrandList, PositionList, SourceList, WatchList
from clients.api.rota import FeedDetail, FeedList, RotaCalendar, RotaNow

urlpatterns = [
    path("key", KeyDetail.as_view(), name="api_key"),
    path("rota/now", RotaNow.as_view(), name="api_rota_now"),
    path("rota/feeds", FeedList.as_view(), name="api_rota_feeds"),
    path("rota/feeds/<int:pk>", FeedDetail.as_view(), name="api_rota_feed"),
    path("rota/calendars/<str:secret>.ics", RotaCalendar.as_view(), name="api_rota_calendar"),
    path("brands", BrandList.as_view(), name="api_brands"),
    path("watches", WatchList.as_view(), name="api_watches"),
    path("sources", SourceList.as_view(), name="api_sources"),
    path("positions", PositionList.as_view(), name="api_positions"),
    path("mentions", MentionsView.as_view(), name="api_mentions"),
    path("mentions/deletions", DeletionsView.as_view(), name="api_mention_deletions"),
    path("inbound/<str:secret>/", InboundView.as_view(), name="api_inbound"),
]

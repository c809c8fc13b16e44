from django.urls import path

from reports.portal import drafts, views, words

urlpatterns = [
    path("", views.home, name="portal_home"),
    path("incidents/<int:number>/", views.incident, name="portal_incident"),
    path("rapports/", views.report_list, name="portal_reports"),
    path("rapports/<int:pk>/", views.report, name="portal_report"),
    path("rapports/<int:pk>/rapport.pdf", views.report_pdf, name="portal_report_pdf"),
    path("rapports/<int:pk>/rapport.json", views.report_json, name="portal_report_json"),
    path("mots-a-valider/", words.words, name="portal_words"),
    path("mots-a-valider/<int:pk>/valider/", words.approve, name="portal_words_approve"),
    path("mots-a-valider/<int:pk>/refuser/", words.refuse, name="portal_words_refuse"),
    path("mots-a-valider/brouillons/<int:pk>/valider/", drafts.approve, name="portal_draft_approve"),
    path("mots-a-valider/brouillons/<int:pk>/refuser/", drafts.refuse, name="portal_draft_refuse"),
    path("mots-a-valider/brouillons/<int:pk>/revenir/", drafts.take_back, name="portal_draft_take_back"),
]

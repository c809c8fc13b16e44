"""Sign-in as this house offers it: allauth's views by name, and nothing for what nobody may do alone here.

Signing up, changing one's e-mail and signing in by a mailed code are closed. allauth reverses some of those names,
so each keeps an address, which answers 404.
"""

from allauth.account import views
from django.urls import include, path, re_path

from agency.views import closed

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", closed, name="account_signup"),
    path("inactive/", closed, name="account_inactive"),
    path("email/", closed, name="account_email"),
    path("email/sent/", closed, name="account_email_verification_sent"),
    path("password/set/", closed, name="account_set_password"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
]

"""People and their roles: invited by mail, deactivated, never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.admin.base import HouseInline, HouseModelAdmin
from agency.admin.confirm import ask_then_do
from agency.admin.sites import agency_site
from agency.mail import NotAccepted, SmtpPost
from agency.models import Membership, User
from agency.roles import Can
from agency.services import invitations, people


class MembershipInline(HouseInline):
    model = Membership
    fields = ("user", "client", "role")
    view_with = change_with = add_with = delete_with = Can.MANAGE_PEOPLE
    verbose_name_plural = gettext_lazy("roles")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("client", "role") if self.parent_model is User else ("user", "role")

    @staticmethod
    def save(request: HttpRequest, formset: Any) -> None:
        """Each row through the service, so that the trail knows and the agency keeps a director."""
        by, now = request.user, clock.now()
        formset.save(commit=False)
        for row in formset.deleted_objects:
            people.take_role(membership=row, by=by, now=now)  # type: ignore[arg-type]
        for row in [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]:
            before = Membership.objects.filter(pk=row.pk).first()
            if before is not None and (before.user_id, before.client_id) != (row.user_id, row.client_id):
                people.take_role(membership=before, by=by, now=now)  # type: ignore[arg-type]
            people.give_role(person=row.user, client=row.client, role=row.role, by=by, now=now)  # type: ignore[arg-type]


@admin.register(User, site=agency_site)
class PersonAdmin(HouseModelAdmin):
    view_with = change_with = add_with = Can.MANAGE_PEOPLE
    list_display = ("full_name", "email", "roles", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role", "memberships__client")
    search_fields = ("full_name", "email")
    fields = ("full_name", "email", "language", "is_active", "last_login", "created_at")
    readonly_fields = ("is_active", "last_login", "created_at")
    inlines = [MembershipInline]
    actions = ["send_link", "deactivate", "reactivate", "forget_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__client")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: User) -> str:
        everywhere = _("whole agency")  # outside the f-string, into which xgettext does not look
        held = [f"{one.get_role_display()} · {one.client or everywhere}" for one in person.memberships.all()]
        return ", ".join(held) or "–"

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ("full_name", "email", "language") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return () if obj is None else self.readonly_fields

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the services refuse (the last director's role) is said on the page, and nothing is kept."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by, now = request.user, clock.now()
        if change:
            people.change(person=obj, by=by, now=now)  # type: ignore[arg-type]
            return
        made = people.create(
            email=obj.email,
            full_name=obj.full_name,
            language=obj.language,
            by=by,  # type: ignore[arg-type]
            now=now,
        )
        obj.__dict__.update(made.__dict__)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        MembershipInline.save(request, formset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The service has written it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The service has written it."""

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        self._send_link(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _send_link(self, request: HttpRequest, person: User) -> None:
        try:
            invitations.send(person=person, post=SmtpPost(), by=request.user, now=clock.now())  # type: ignore[arg-type]
        except NotAccepted as refusal:
            words = _("The link to %(email)s did not leave (%(why)s). Send it again from the list.")
            self.message_user(request, words % {"email": person.email, "why": refusal.words}, messages.WARNING)
        else:
            words = _("A link to set a password left for %(email)s. It is good for a day.")
            self.message_user(request, words % {"email": person.email}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Send a link to set a password"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset.filter(is_active=True):
            self._send_link(request, person)

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="deactivate",
            question=_("Deactivate"),
            consequence=_("They will be out of every host at once. What they wrote keeps their name."),
            done=_("Deactivated."),
            act=lambda row: people.deactivate(person=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )

    @admin.action(description=gettext_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="reactivate",
            question=_("Reactivate"),
            consequence=_("They will be able to sign in again, with the roles they had."),
            done=_("Reactivated."),
            act=lambda row: people.reactivate(person=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )

    @admin.action(description=gettext_lazy("Forget the second factor"), permissions=["change"])
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="forget_second_factor",
            question=_("Forget the second factor"),
            consequence=_("For a lost telephone. The password alone will open until they set a new one up."),
            done=_("Forgotten."),
            act=lambda row: people.forget_second_factor(person=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )

"""The base of every admin page: permissions by role, and a trail in the audit instead of the shared admin log."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from agency import clock
from agency.hosts import address_of
from agency.models import AuditEvent, Client, User
from agency.roles import Can, can
from agency.services import audit
from agency.trail import words_of

NEVER_FILTERED = frozenset({"password", "digest", "previous_digest", "settings"})


class HousePermissions:
    """`view_with`, `change_with`, `add_with`, `delete_with` name what each act needs; None refuses everybody."""

    view_with: ClassVar[Can | None] = Can.READ_DESK
    change_with: ClassVar[Can | None] = None
    add_with: ClassVar[Can | None] = None
    delete_with: ClassVar[Can | None] = None

    def _allowed(self, request: HttpRequest, permission: Can | None) -> bool:
        return permission is not None and can(request.user, self.client_of(request), permission)

    @staticmethod
    def client_of(request: HttpRequest) -> Client | None:
        """The client whose host this is; None on the agency's."""
        tenant = request.tenant  # type: ignore[attr-defined]
        return tenant if isinstance(tenant, Client) else None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, self.view_with)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request, self.view_with) or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request, self.change_with)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request, self.add_with)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request, self.delete_with)


class HouseInline(HousePermissions, admin.TabularInline):
    """Rows of another table on an object's page, under the same permissions."""

    extra = 0
    show_change_link = False


class HouseModelAdmin(HousePermissions, admin.ModelAdmin):
    """A table's pages on one of our sites."""

    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    history_template = "admin/history.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise BadRequest("A filter holds a NUL, which no text of the database does.")
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The stock page lets an address filter by any column: a hash could be guessed letter by letter."""
        first = lookup.partition("__")[0]
        if first in NEVER_FILTERED or first in {one.name for one in self.opts.related_objects}:
            return False  # from a brand back to its incidents, say: a number there would be found by trying
        return super().lookup_allowed(lookup, value, request)

    # The stock log lives in the public schema without the client: it would show one client's rows to another.
    def _note(self, request: HttpRequest, action: str, obj: Model, message: Any) -> AuditEvent:
        return audit.note(
            action=f"{obj._meta.model_name}.{action}",
            by=request.user if isinstance(request.user, User) else None,
            now=clock.now(),
            client=self.client_of(request),
            subject=obj._meta.label_lower,
            subject_id=obj.pk,
            detail={"changes": message} if message else {},
            address=address_of(request),
        )

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> AuditEvent:  # type: ignore[override]
        return self._note(request, "added", obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> AuditEvent:  # type: ignore[override]
        return self._note(request, "changed", obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> list[AuditEvent]:  # type: ignore[override]
        return [self._note(request, "deleted", obj, "") for obj in queryset]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        events = AuditEvent.objects.filter(
            client=self.client_of(request), subject=obj._meta.label_lower, subject_id=str(obj.pk)
        ).select_related("user")[:200]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %s") % obj,
            "events": [(event, words_of(event.action)) for event in events],
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.history_template, context)

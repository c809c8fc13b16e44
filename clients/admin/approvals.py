"""Who has to agree before words leave in a brand's name: the policy and its steps."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agency.access import here, staff_of
from agency.admin.base import HouseInline, HouseModelAdmin
from agency.admin.sites import client_site
from agency.choices import Role
from agency.models import Membership, User
from agency.roles import Can
from clients.models import ApprovalPolicy, PolicyStep


class StepFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The steps together: at least one, and nobody asked twice."""

    def clean(self) -> None:
        super().clean()
        kept = [one.cleaned_data for one in self.forms if getattr(one, "cleaned_data", None)]
        kept = [one for one in kept if not one.get("DELETE")]
        if not kept:
            raise forms.ValidationError(_("Without a step nobody would be asked: add one."), "no_step")
        people = Counter(one["person"] for one in kept if one.get("person"))
        twice = next((person for person, times in people.items() if times > 1), None)
        if twice is not None:
            words = _("%(name)s is asked by two steps: several steps are several people.")
            raise forms.ValidationError(words, "asked_twice", {"name": twice})
        same = next((one for one in kept if one.get("person") and one["person"] == one.get("fallback")), None)
        if same is not None:
            words = _("%(name)s cannot stand in for themselves: choose somebody else, or nobody.")
            raise forms.ValidationError(words, "own_fallback", {"name": same["person"]})


class StepInline(HouseInline):
    model = PolicyStep
    formset = StepFormSet
    fields = ("rank", "role", "person", "needed", "minutes", "fallback", "asks_when")
    ordering = ("rank", "id")
    change_with = add_with = delete_with = Can.EDIT_CLIENT

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = who_may_approve()
        if db_field.name == "fallback":
            kwargs["queryset"] = staff_of(here())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def who_may_approve() -> QuerySet[User]:
    """The client's staff and its own approvers, by name."""
    theirs = Membership.objects.filter(client=here(), role__in=[Role.APPROVER, Role.OWNER])
    either = Q(pk__in=staff_of(here()).values("pk")) | Q(pk__in=theirs.values("user_id"))
    return User.objects.filter(either, is_active=True).order_by("full_name", "id")


@admin.register(ApprovalPolicy, site=client_site)
class ApprovalPolicyAdmin(HouseModelAdmin):
    """Changed, it counts for what is submitted from then on: drafts that wait keep the steps they were given."""

    change_with = add_with = delete_with = Can.EDIT_CLIENT
    inlines = (StepInline,)
    fields = ("brand",)
    list_display = ("policy", "asked", "updated_at")
    list_select_related = ("brand",)

    @admin.display(description=_("approval policy"))
    def policy(self, policy: ApprovalPolicy) -> str:
        return str(policy)

    @admin.display(description=_("who is asked, in this order"))
    def asked(self, policy: ApprovalPolicy) -> str:
        return " → ".join(_words(one) for one in policy.steps.select_related("person").order_by("rank"))


def _words(step: PolicyStep) -> str:
    who = str(step.person or step.get_role_display()) + (f" × {step.needed}" if step.needed > 1 else "")
    return who if step.asks_when == "always" else f"{who} ({step.get_asks_when_display()})"

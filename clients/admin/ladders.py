"""The alert chain of a client: who is called, in which order, and whether each rung reaches somebody."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.access import here, staff_of
from agency.admin.base import HouseInline, HouseModelAdmin
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.calling import Exchange
from agency.mail import NotAccepted
from agency.roles import Can, can
from clients.admin.guard import shown
from clients.admin.ladder_forms import ChannelForm, PolicyForm, StepFormSet
from clients.models import ApprovalPolicy, Contact, ContactChannel, EscalationPolicy, EscalationStep
from clients.selectors.approvals import Passed, passed, policies
from clients.selectors.ladders import in_force, steps_of
from clients.selectors.reach import Reached, reach
from clients.services import ladders

client_site.add_section(pgettext_lazy("room", "Alert chain"), "ladders", Can.READ_DESK, in_peace=True)


class StepInline(HouseInline):
    model = EscalationStep
    formset = StepFormSet
    fields = ("place", "delay_minutes", "target", "contact", "channel")
    ordering = ("place", "id")
    extra = 1
    change_with = add_with = delete_with = Can.EDIT_CLIENT


@admin.register(EscalationPolicy, site=client_site)
class EscalationPolicyAdmin(HouseModelAdmin):
    """A ladder and its rungs. Set out of force, never deleted: alerts under way keep their copy."""

    change_with = add_with = Can.EDIT_CLIENT
    form = PolicyForm
    inlines = (StepInline,)
    list_display = ("name", "severities", "qualifications", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        found = ladders.check(policy=form.instance, client=here(), now=clock.now())
        bad = sum(not one.is_well for one in found)
        if bad:
            messages.warning(
                request, _("%(count)d of its rungs reach nobody now: see the alert chain.") % {"count": bad}
            )


@admin.register(ContactChannel, site=client_site)
class ContactChannelAdmin(HouseModelAdmin):
    """Ways to reach a contact, or somebody of the agency for this client; their addresses are sealed."""

    change_with = add_with = delete_with = Can.EDIT_CLIENT
    form = ChannelForm
    list_display = ("whose", "rank", "kind", "label", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("contact", "person")
    search_fields = ("label", "contact__name")

    @admin.display(description=pgettext_lazy("channel", "Whose"))
    def whose(self, channel: ContactChannel) -> str:
        return str(channel.contact or channel.person or "")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = staff_of(here())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@require_GET
@needs(Can.READ_DESK)
def chain(request: HttpRequest) -> HttpResponse:
    """Every ladder in force, rung by rung, with who stands there now and what is wrong; then the contacts."""
    client, now = client_of(request), clock.now()
    language = "en" if get_language() == "en" else "fr"
    rows = [_ladder(one, [reach(step, client, now) for step in steps_of(one)], language) for one in in_force()]
    return shown(
        request, "ladders", _("Alert chain"),
        rows=rows, broken=sum(row["broken"] for row in rows),
        approvals=[_approvals(one, passed(one, client), language) for one in policies()],
        calls_the_agency=any(one["step"].target != "contact" for row in rows for one in row["rungs"]),
        contacts=Contact.objects.select_related("backup").prefetch_related("channels"),
        channels=ContactChannel.objects.filter(person__isnull=False).select_related("person"),
        may_edit=can(request.user, client, Can.EDIT_CLIENT), may_run=can(request.user, client, Can.RUN_INCIDENT),
    )  # fmt: skip


def _ladder(policy: EscalationPolicy, found: list[Reached], language: str) -> dict[str, Any]:
    after, rungs = 0, []
    for one in found:
        after += one.step.delay_minutes
        rungs.append({
            "step": one.step, "after": after, "people": one.people, "trouble": one.trouble.get(language, ""),
        })  # fmt: skip
    return {"policy": policy, "rungs": rungs, "broken": sum(not one.is_well for one in found), "when": _when(policy)}


def _approvals(policy: ApprovalPolicy, found: list[Passed], language: str) -> dict[str, Any]:
    """A policy of approvals as the page shows it."""
    steps = [(one.step, one.trouble.get(language, "")) for one in found]
    return {"policy": policy, "steps": steps, "stuck": sum(not one.is_well for one in found)}


def _when(policy: EscalationPolicy) -> str:
    """When it is climbed, in words."""
    parts = []
    if policy.severities:
        parts.append(_("severity %(levels)s") % {"levels": ", ".join(map(str, sorted(policy.severities)))})
    if policy.qualifications:
        words = {"signal": _("signal"), "paracrisis": _("paracrisis"), "crisis": _("crisis")}
        parts.append(", ".join(words.get(one, one) for one in policy.qualifications))
    return " + ".join(parts) or _("every case")


@require_POST
@needs(Can.EDIT_CLIENT)
def propose(request: HttpRequest) -> HttpResponse:
    """The usual ladder, in one act."""
    try:
        made = ladders.propose_default(by=person_of(request), client=client_of(request), now=clock.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("client_admin:ladders")
    messages.success(
        request, _("%(count)d ladders are in force. Read them once, then try each rung.") % {"count": len(made)}
    )
    return redirect("client_admin:ladders")


@require_POST
@needs(Can.EDIT_CLIENT)
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A test message to whoever stands on the rung."""
    step = get_object_or_404(EscalationStep.objects.select_related("contact"), pk=pk)
    try:
        left = ladders.try_out(
            step=step, telephone=Exchange(), client=client_of(request), by=person_of(request), now=clock.now()
        )
        messages.success(request, _("A test message has left for %(names)s.") % {"names": ", ".join(left)})
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    except NotAccepted as refusal:
        messages.error(request, _("The test message did not leave: %(error)s") % {"error": refusal.words})
    return redirect("client_admin:ladders")


client_site.mount("chaine-d-alerte/", chain, "ladders")
client_site.mount("chaine-d-alerte/proposer/", propose, "ladders_propose")
client_site.mount("chaine-d-alerte/echelons/<int:pk>/essayer/", try_out, "ladder_try")

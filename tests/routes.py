"""Every address of both hosts, and what each role is answered there. A route without a row fails test_every_route.

A row is `Row(host, name, get, post, ids)`: the statuses in the order of that host's columns, `ids` the values of the
address as `app.Model.field` of the world's rows. Who is a stranger to the host (nobody signed in, the other client's
people, the deactivated) has one column: they must all be answered alike. `200/302` allows either.
An admin model has one row that names who may see, add, change and delete; its generated routes follow from it.
"""

from dataclasses import dataclass, field

AGENCY_COLUMNS = ("stranger", "cm", "lead", "director")
CLIENT_COLUMNS = ("stranger", "reader", "approver", "owner", "cm", "lead", "director")
KEY_COLUMNS = ("no key", "key", "other key", "dead key", "staff session")


@dataclass(frozen=True)
class Row:
    host: str
    name: str
    get: str
    post: str
    ids: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict, hash=False)  # role -> status, where a role has its own answer


@dataclass(frozen=True)
class Admin:
    """A model's stock pages. `see`, `add`, `change`, `delete` are roles; whoever may enter the site gets 403 beyond."""

    host: str
    model: str
    see: str
    add: str = ""
    change: str = ""
    delete: str = ""
    page: str = "200"  # of an object; 302 where it has its own page elsewhere


# -- the ways an address may answer ------------------------------------------------------------------------------------
PUBLIC = {"agency": ("200 200 200 200",), "client": ("200 200 200 200 200 200 200",)}
STAFF_PAGE = ("302 404 404 404 200 200 200", "302 404 404 404 405 405 405")
STAFF_ACT = ("302 404 404 404 405 405 405", "302 404 404 404 302 302 302")
EMPTY_ACT = ("302 404 404 404 405 405 405", "302 404 404 404 302/404/422 302/404/422 302/404/422")  # nothing was said
LEAD_ACT = ("302 404 404 404 403/405 405 405", "302 404 404 404 403 302 302")
STAFF_FORM = ("302 404 404 404 200/302 200/302 200/302", "302 404 404 404 200/302 200/302 200/302")
LEAD_PAGE = ("302 404 404 404 403 200 200", "302 404 404 404 403/405 405 405")
LEAD_ASKED = ("302 404 404 404 403 200 200", "302 404 404 404 403 422 422")  # a form that has to be filled in
STAFF_ASKED = ("302 404 404 404 200 200 200", "302 404 404 404 422 422 422")
LEAD_FORM = ("302 404 404 404 403 200/302 200/302", "302 404 404 404 403 200/302 200/302")
NOBODY_A = ("404 404 404 404", "404 404 404 404")
NOBODY_C = ("404 404 404 404 404 404 404", "404 404 404 404 404 404 404")
SIGNED_IN_A = "302 200 200 200"
SIGNED_IN_C = "302 200 200 200 200 200 200"
PORTAL_PAGE = ("302 200 200 200 200 200 200", "405 405 405 405 405 405 405")
APPROVER_PAGE = ("302 404 200 200 404 404 404", "302 404 405 405 404 404 404")
APPROVER_ACT = ("302 404 405 405 404 404 404", "302 404 302 302 404 404 404")
STAFF = "cm lead director"
NAMES_CLIENTS = {"client_admin:palette"}  # lists the clients that the person may enter: a director, all of them

# -- sign-in, on both hosts --------------------------------------------------------------------------------------------
ACCOUNT = [
    *(Row("agency", name, *NOBODY_A) for name in (
        "account_signup", "account_inactive", "account_email", "account_email_verification_sent",
        "account_set_password", "account_confirm_login_code",
    )),
    *(Row("client", name, *NOBODY_C) for name in (
        "account_signup", "account_inactive", "account_email", "account_email_verification_sent",
        "account_set_password", "account_confirm_login_code",
    )),
    Row("agency", "account_login", "200 302 302 302", "200 302 302 302"),
    Row("client", "account_login", "200 302 302 302 302 302 302", "200 302 302 302 302 302 302"),
    Row("agency", "account_logout", "302 200 200 200", "302 302 302 302"),
    Row("client", "account_logout", SIGNED_IN_C, "302 302 302 302 302 302 302"),
    Row("agency", "account_reauthenticate", SIGNED_IN_A, SIGNED_IN_A),
    Row("client", "account_reauthenticate", SIGNED_IN_C, SIGNED_IN_C),
    Row("agency", "account_change_password", SIGNED_IN_A, SIGNED_IN_A),
    Row("client", "account_change_password", SIGNED_IN_C, SIGNED_IN_C),
    *(Row(host, name, *2 * PUBLIC[host]) for host in ("agency", "client") for name in ("account_reset_password",)),
    *(
        Row(host, name, *PUBLIC[host], PUBLIC[host][0].replace("200", "405"))
        for host in ("agency", "client")
        for name in ("account_reset_password_done", "account_reset_password_from_key_done")
    ),
    *(
        Row(host, "account_reset_password_from_key", *2 * PUBLIC[host], ids=("=1", "=not-a-key"))
        for host in ("agency", "client")
    ),
    Row("agency", "mfa_index", SIGNED_IN_A, "302 405 405 405"),
    Row("client", "mfa_index", SIGNED_IN_C, "302 405 405 405 405 405 405"),
    *(
        Row(host, name, *2 * (PUBLIC[host][0].replace("200", "302"),))  # the password is asked for again first
        for host in ("agency", "client")
        for name in ("mfa_authenticate", "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_reauthenticate")
    ),
    # Nobody in this world has a second factor yet.
    Row("agency", "mfa_deactivate_totp", *2 * ("302 404 404 404",)),
    Row("client", "mfa_deactivate_totp", *2 * ("302 404 404 404 404 404 404",)),
    Row("agency", "mfa_view_recovery_codes", "302 404 404 404", "302 405 405 405"),
    Row("client", "mfa_view_recovery_codes", "302 404 404 404 404 404 404", "302 405 405 405 405 405 405"),
    Row("agency", "mfa_download_recovery_codes", *2 * ("302 404 404 404",)),
    Row("client", "mfa_download_recovery_codes", *2 * ("302 404 404 404 404 404 404",)),
]  # fmt: skip

_SHIFT = ("public.agency.shift.pk",)
_ABSENCE = ("public.agency.absence.pk",)
AGENCY = [
    Row("agency", "healthz", *PUBLIC["agency"], "405 405 405 405"),
    Row("agency", "language", "405 405 405 405", "302 302 302 302"),
    Row("agency", "keys", "405 405 405 405", "204 204 204 204"),
    Row("agency", "agency_admin:palette", SIGNED_IN_A, "302 405 405 405"),
    Row(
        "agency", "hand_over", SIGNED_IN_A, "302 302 302 302", ids=("schema",),
        extra={"other cm": "404", "reader": "302"},
    ),
    Row("agency", "agency_admin:desk", SIGNED_IN_A, "302 405 405 405"),
    Row("agency", "agency_admin:agency_readiness", SIGNED_IN_A, "302 405 405 405"),
    # The desk stands at the same address; the stock index is only a name to reverse.
    Row("agency", "agency_admin:index", SIGNED_IN_A, "302 405 405 405"),
    # The world's shift is its director's, for the first client.
    Row("agency", "agency_admin:rota", SIGNED_IN_A, "302 405 405 405"),
    Row("agency", "agency_admin:rota_add", "302 403 200 200", "302 403 422 422"),
    Row("agency", "agency_admin:rota_shift", SIGNED_IN_A, "302 405 405 405", _SHIFT, {"other cm": "404/405"}),
    *(
        Row("agency", f"agency_admin:rota_{act}", "302 405 405 405", f"302 {post}", _SHIFT, {"other cm": "404/405"})
        for act, post in (
            ("change", "403 422 422"), ("replace", "403 422 422"), ("cut", "403 422 422"), ("swap", "403 422 422"),
            ("take_off", "403 302 302"), ("offer", "403 403 422"),
            ("accept", "302 302 302"), ("decline", "302 302 302"),
        )
    ),
    Row(
        "agency", "agency_admin:rota_undo", "302 405 405 405", "302 403 302 302", ("public.agency.rotaevent.pk",),
        {"other cm": "404/405"},
    ),
    Row("agency", "agency_admin:reply_box", "302 403 403 200", "302 405 405 405"),
    Row("agency", "agency_admin:absences", SIGNED_IN_A, "302 422 422 422"),
    *(
        Row("agency", f"agency_admin:absence_{act}", "302 405 405 405", "302 403 302 302", _ABSENCE)
        for act in ("take_off", "put_back")
    ),
]  # fmt: skip
AGENCY_ADMIN = [
    Admin("agency", "agency_client", see="director", add="director", change="director"),
    Admin("agency", "agency_user", see="director", add="director", change="director"),
    Admin("agency", "agency_apikey", see="director", add="director"),
    Admin("agency", "agency_rotafeed", see="director"),
    Admin("agency", "agency_auditevent", see="director"),
]

# The world's source is a feed, to which nothing is posted.
DIRECTOR_ASKED = ("302 404 404 404 403 403 200", "302 404 404 404 403 403 422")
DIRECTOR_ACT = ("302 404 404 404 403/405 403/405 405", "302 404 404 404 403 403 302")
_WEBHOOK = ("clients.WebhookEndpoint.pk",)
NOT_POSTED_TO = ("302 404 404 404 403/405 405 405", "302 404 404 404 403 404 404")
_NUMBER = ("incidents.Incident.number",)
_SOURCE = ("clients.Source.pk",)
_POSITION = ("clients.Position.pk",)
_IMPORT = ("clients.MentionImport.pk",)
_REPORT = ("reports.Report.pk",)
_POINT = ("incidents.Incident.number", "incidents.SituationReport.number")
_DRAFT = ("incidents.Draft.pk",)
_TASK = ("incidents.Incident.number", "incidents.Task.number")
_BRIEFING = ("incidents.Incident.number", "incidents.Briefing.pk")
CLIENT = [
    Row("client", "healthz", *PUBLIC["client"], "405 405 405 405 405 405 405"),
    Row("client", "language", "405 405 405 405 405 405 405", "302 302 302 302 302 302 302"),
    Row("client", "keys", "405 405 405 405 405 405 405", "204 204 204 204 204 204 204"),
    Row("client", "client_admin:palette", *STAFF_PAGE),
    Row("client", "enter", *NOBODY_C[:1], "405 405 405 405 405 405 405", ids=("=not-a-pass",)),
    Row("client", "client_admin:index", *STAFF_FORM),
    Row("client", "client_admin:shift_notes", *STAFF_PAGE),
    # The world's shift and its note are the director's: a lead may add to them, a note is not read by its own writer.
    Row("client", "client_admin:shift_note", STAFF_PAGE[0], "302 404 404 404 403 422 422", _SHIFT),
    Row(
        "client",
        "client_admin:shift_note_read",
        STAFF_ACT[0],
        "302 404 404 404 302 302 404",
        ("public.agency.shiftnote.pk",),
    ),
    Row("client", "client_admin:incidents", *STAFF_PAGE),
    Row("client", "client_admin:incident", *STAFF_PAGE, _NUMBER),
    Row("client", "client_admin:incident_reading", *STAFF_PAGE, _NUMBER),
    Row("client", "client_admin:watch_replay", *STAFF_PAGE, ("clients.Watch.pk",)),
    Row("client", "client_admin:incident_role", *STAFF_ACT, (*_NUMBER, "clients.Author.pk")),
    Row("client", "client_admin:incident_role_undo", *STAFF_ACT, (*_NUMBER, "clients.Author.pk")),
    Row("client", "client_admin:incident_open", *STAFF_FORM),
    Row("client", "client_admin:incident_confirm", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:incident_assess", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:incident_brief", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:incident_describe", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:situation_compose", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:situation_look", "302 404 404 404 405 405 405", "302 404 404 404 200 200 200", _NUMBER),
    Row("client", "client_admin:situation_report", *STAFF_PAGE, _POINT),
    Row("client", "client_admin:incident_read", *STAFF_ACT, _BRIEFING),
    Row("client", "client_admin:incident_unread", *STAFF_ACT, _BRIEFING),
    Row("client", "client_admin:incident_withdraw_link", *STAFF_ACT, _BRIEFING),
    Row("client", "client_admin:cadence", "302 404 404 404 200 200 200", "302 404 404 404 403 302 302"),
    Row("client", "client_admin:incident_close", *LEAD_FORM, _NUMBER),
    Row("client", "client_admin:incident_reopen", *LEAD_ACT, _NUMBER),
    Row("client", "client_admin:incident_lead", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_log", "302 404 404 404 302 302 302", EMPTY_ACT[1], _NUMBER),
    Row("client", "client_admin:incident_log_read", *STAFF_PAGE, _NUMBER),
    Row("client", "client_admin:incident_claim", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_dismiss", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_take_up", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_detach", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_brief_again", *STAFF_ACT, _BRIEFING),
    Row("client", "client_admin:task_add", STAFF_FORM[0], EMPTY_ACT[1], _NUMBER),
    Row("client", "client_admin:milestone_move", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:log_picture", *STAFF_PAGE, (*_NUMBER, "incidents.TimelineEntry.number")),
    Row("client", "client_admin:task_finish", *STAFF_ACT, _TASK),
    Row("client", "client_admin:task_take_back", *STAFF_ACT, _TASK),
    Row("client", "client_admin:task_put_away", *STAFF_ACT, _TASK),
    Row("client", "client_admin:task_entrust", *STAFF_ACT, _TASK),
    Row("client", "client_admin:criterion_tick", *STAFF_ACT, (*_NUMBER, "incidents.ExitCriterion.number")),
    Row("client", "client_admin:criterion_untick", *STAFF_ACT, (*_NUMBER, "incidents.ExitCriterion.number")),
    Row("client", "client_admin:debrief", *STAFF_PAGE, (*_NUMBER, "=chaud")),
    Row("client", "client_admin:debrief_plan", *STAFF_ACT, (*_NUMBER, "=chaud")),
    # Nothing said, over words that are there and that no page showed: both are shown.
    Row("client", "client_admin:debrief_write", STAFF_ACT[0], "302 404 404 404 409 409 409", (*_NUMBER, "=chaud")),
    Row("client", "client_admin:follow_ups", *STAFF_PAGE),
    Row("client", "client_admin:follow_up_add", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:follow_up_finish", *STAFF_ACT, ("incidents.FollowUp.pk",)),
    Row("client", "client_admin:follow_up_drop", *STAFF_ACT, ("incidents.FollowUp.pk",)),
    Row("client", "client_admin:follow_up_take_back", *STAFF_ACT, ("incidents.FollowUp.pk",)),
    Row("client", "client_admin:follow_up_move", *STAFF_ACT, ("incidents.FollowUp.pk",)),
    Row("client", "client_admin:relief", *STAFF_FORM, _NUMBER),
    Row("client", "client_admin:relief_accept", *STAFF_ACT, (*_NUMBER, "incidents.Relief.pk")),
    Row("client", "client_admin:relief_withdraw", *STAFF_ACT, (*_NUMBER, "incidents.Relief.pk")),
    Row("client", "client_admin:care", *STAFF_PAGE),
    Row("client", "client_admin:care_insults", *STAFF_ACT),
    Row("client", "client_admin:readiness", *STAFF_PAGE),
    Row("client", "client_admin:playbook_take", *EMPTY_ACT, _NUMBER),
    Row("client", "client_admin:duty_give", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_restrict", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:incident_open_up", *STAFF_ACT, _NUMBER),
    Row("client", "client_admin:insider_name", *EMPTY_ACT, _NUMBER),
    Row("client", "client_admin:insider_unname", *EMPTY_ACT, _NUMBER),
    Row("client", "client_admin:drafts", *STAFF_PAGE),
    Row("client", "client_admin:draft", *STAFF_PAGE, _DRAFT),
    Row("client", "client_admin:draft_new", *STAFF_ASKED),
    Row("client", "client_admin:draft_length", STAFF_ACT[0], "302 404 404 404 200 200 200"),
    Row("client", "client_admin:draft_words", *STAFF_ASKED, _DRAFT),
    *(
        Row("client", f"client_admin:draft_{act}", *STAFF_ACT, _DRAFT)
        for act in ("submit", "approve", "refuse", "take_back", "withdraw", "bring_back", "published")
    ),
    Row("client", "client_admin:draft_silence", *STAFF_ASKED, ("clients.Mention.pk",)),
    Row("client", "client_admin:silence_look", *STAFF_ACT, ("incidents.NoAnswer.pk",)),
    Row("client", "client_admin:playbooks", *STAFF_PAGE),
    Row("client", "client_admin:playbook", *STAFF_PAGE, ("clients.Playbook.pk",)),
    Row("client", "client_admin:playbooks_copy", *LEAD_ACT),
    Row("client", "client_admin:playbook_review", *LEAD_ACT, ("clients.Playbook.pk",)),
    Row("client", "client_admin:signal_propose", *STAFF_ACT, ("incidents.Signal.pk",)),
    Row("client", "client_admin:sort", *STAFF_PAGE),
    Row("client", "client_admin:mention", *STAFF_PAGE, ("clients.Mention.pk",)),
    Row("client", "client_admin:watch_test", STAFF_PAGE[0], STAFF_ACT[1]),
    Row("client", "client_admin:sort_set_aside", *EMPTY_ACT),
    Row("client", "client_admin:sort_put_back", *EMPTY_ACT),
    Row("client", "client_admin:sort_wait", *EMPTY_ACT),
    Row("client", "client_admin:sort_attach", *EMPTY_ACT),
    Row("client", "client_admin:sort_label", *EMPTY_ACT),
    Row("client", "client_admin:sort_not_ours", *EMPTY_ACT),
    Row("client", "client_admin:sort_undo", *EMPTY_ACT),
    Row("client", "client_admin:sort_redo", *EMPTY_ACT),
    Row("client", "client_admin:sort_presence", *STAFF_PAGE),
    Row("client", "client_admin:sort_list_save", *EMPTY_ACT),
    Row("client", "client_admin:sort_list_delete", *EMPTY_ACT, ("clients.SavedFilter.pk",)),
    Row("client", "client_admin:sort_list_restore", *EMPTY_ACT, ("clients.SavedFilter.pk",)),
    Row("client", "client_admin:sort_list_move", *EMPTY_ACT, ("clients.SavedFilter.pk",)),
    Row("client", "client_admin:sort_correct", *EMPTY_ACT, ("clients.Mention.pk",)),
    Row("client", "client_admin:ears", *STAFF_PAGE),
    Row("client", "client_admin:ear", *STAFF_PAGE, _SOURCE),
    Row("client", "client_admin:ear_choose", *LEAD_PAGE),
    Row("client", "client_admin:ear_add", *LEAD_ASKED, ("=feed",)),
    Row("client", "client_admin:ear_correct", *LEAD_ASKED, _SOURCE),
    Row("client", "client_admin:ear_read", *STAFF_ACT, _SOURCE),
    Row("client", "client_admin:ear_pause", *LEAD_ACT, _SOURCE),
    Row("client", "client_admin:ear_resume", *LEAD_ACT, _SOURCE),
    Row("client", "client_admin:ear_remove", *LEAD_ACT, _SOURCE),
    Row("client", "client_admin:forgotten", "302 404 404 404 403 200 200", "302 404 404 404 403/405 405 405"),
    Row(
        "client",
        "client_admin:forget",
        "302 404 404 404 403 200 200",
        "302 404 404 404 403 422 422",
        ("clients.Author.pk",),
    ),
    Row("client", "client_admin:account", *STAFF_PAGE, ("clients.Author.pk",)),
    Row("client", "client_admin:account_confirm", *STAFF_ACT, ("clients.Author.pk",)),
    Row("client", "client_admin:account_correct", *STAFF_ACT, ("clients.Author.pk",)),
    Row("client", "client_admin:account_remove", *STAFF_ACT, ("clients.Author.pk",)),
    Row("client", "client_admin:account_undo", *STAFF_ACT, ("clients.Author.pk",)),
    Row("client", "client_admin:positions", *STAFF_PAGE),
    Row("client", "client_admin:position", *STAFF_PAGE, _POSITION),
    Row("client", "client_admin:position_new", *STAFF_ASKED),
    Row("client", "client_admin:position_facts", *LEAD_ASKED, _POSITION),
    Row("client", "client_admin:position_words", *STAFF_ASKED, _POSITION),
    Row("client", "client_admin:position_approve", *LEAD_ACT, _POSITION),
    Row("client", "client_admin:position_refuse", *LEAD_ACT, _POSITION),
    Row("client", "client_admin:position_renew", *LEAD_ACT, _POSITION),
    Row("client", "client_admin:position_retire", *LEAD_ACT, _POSITION),
    Row("client", "client_admin:position_bring_back", *LEAD_ACT, _POSITION),
    Row("client", "client_admin:position_copy", STAFF_ACT[0], "302 404 404 404 422 422 422", _POSITION),
    Row("client", "client_admin:imports", *STAFF_FORM),
    Row("client", "client_admin:import", *STAFF_FORM, _IMPORT),
    Row("client", "client_admin:import_errors", *STAFF_PAGE, _IMPORT),
    Row("client", "client_admin:import_stop", *STAFF_ACT, _IMPORT),
    Row("client", "client_admin:models", *STAFF_PAGE),
    Row("client", "client_admin:model_use", *LEAD_ACT, ("clients.ReadingModel.pk",)),
    Row("client", "client_admin:model_use_shipped", *LEAD_ACT, ("=intent",)),
    Row("client", "client_admin:reading_consent", "302 404 404 404 403/405 403/405 405", "302 404 404 404 403 403 302"),
    Row("client", "client_admin:inbound", "302 404 404 404 403 200 200", "302 404 404 404 403 422 422"),
    Row("client", "client_admin:inbound_renew", *NOT_POSTED_TO, ("clients.Source.pk",)),
    Row("client", "client_admin:inbound_close", *LEAD_ACT, ("clients.Source.pk",)),
    Row("client", "client_admin:webhooks", *DIRECTOR_ASKED),
    Row("client", "client_admin:webhook", *DIRECTOR_ASKED, _WEBHOOK),
    Row("client", "client_admin:webhook_test", *DIRECTOR_ACT, _WEBHOOK),
    Row("client", "client_admin:webhook_rotate", DIRECTOR_ACT[0], "302 404 404 404 403 403 200", _WEBHOOK),
    *(
        Row("client", f"client_admin:webhook_{act}", *DIRECTOR_ACT, _WEBHOOK)
        for act in ("stop", "start", "remove", "replay_failed")
    ),
    Row("client", "client_admin:webhook_replay", *DIRECTOR_ACT, ("clients.WebhookDelivery.pk",)),
    Row("client", "client_admin:report_room", *STAFF_PAGE),
    Row("client", "client_admin:report", *STAFF_FORM, _REPORT),
    Row("client", "client_admin:report_preview", *STAFF_PAGE, _REPORT),
    Row("client", "client_admin:report_pdf", *STAFF_PAGE, _REPORT),
    Row("client", "client_admin:report_json", *STAFF_PAGE, _REPORT),
    Row("client", "client_admin:report_publish", *LEAD_FORM, _REPORT),
    Row("client", "client_admin:report_new_version", *STAFF_ACT, _REPORT),
    # Behind a link of its own: whoever has it says so, and nobody has this one.
    Row("client", "briefing_read", *NOBODY_C, ("=not-a-link",)),
    Row("client", "client_admin:ladders", *STAFF_PAGE),
    Row("client", "client_admin:ladders_propose", *LEAD_ACT),
    Row("client", "client_admin:ladder_try", *LEAD_ACT, ("clients.EscalationStep.pk",)),
    *(
        Row("client", f"client_admin:alert_{act}", *STAFF_ACT, ("incidents.Incident.number",))
        for act in ("acknowledge", "silence", "speak_again", "withdraw_links")
    ),
    # a link of one's own, without an account
    Row("client", "alert_answer", *NOBODY_C, ids=("=not-a-link",)),
    # the portal: the client's own people, and the staff who look over their shoulder
    Row("client", "portal_home", *PORTAL_PAGE),
    Row("client", "portal_incident", *PORTAL_PAGE, _NUMBER),
    Row("client", "portal_reports", *PORTAL_PAGE),
    Row("client", "portal_report", *PORTAL_PAGE, _REPORT),
    Row("client", "portal_report_pdf", *PORTAL_PAGE, _REPORT),
    Row("client", "portal_report_json", *PORTAL_PAGE, _REPORT),
    Row("client", "portal_words", *APPROVER_PAGE),
    Row("client", "portal_words_approve", *APPROVER_ACT, _POSITION),
    Row("client", "portal_words_refuse", *APPROVER_ACT, _POSITION),
    *(Row("client", f"portal_draft_{act}", *APPROVER_ACT, _DRAFT) for act in ("approve", "refuse", "take_back")),
]
CLIENT_ADMIN = [
    *(
        Admin("client", f"clients_{model}", see=STAFF, add="lead director", change="lead director")
        for model in ("brand", "watch", "contact")
    ),
    *(
        Admin("client", f"clients_{model}", see=STAFF, **dict.fromkeys(("add", "change", "delete"), "lead director"))
        for model in ("agendaentry", "staffedhours", "knownaccount")
    ),
    Admin("client", "clients_approvalpolicy", see=STAFF, **dict.fromkeys(("add", "change", "delete"), "lead director")),
    Admin("client", "clients_playbook", see=STAFF, add="lead director", change="lead director"),
    Admin("client", "clients_escalationpolicy", see=STAFF, add="lead director", change="lead director"),
    Admin("client", "clients_contactchannel", see=STAFF, **dict.fromkeys(("add", "change", "delete"), "lead director")),
    Admin("client", "reports_report", see=STAFF, page="200/302"),
    *(
        Admin("client", f"incidents_{model}", see=STAFF, **dict.fromkeys(("add", "change", "delete"), "lead director"))
        for model in ("milestonekind", "metrickind")
    ),
    Admin("client", "incidents_signal", see=STAFF),
    Admin("client", "incidents_incident", see=STAFF, page="302"),
    Admin("client", "incidents_timelineentry", see=STAFF),
    Admin("client", "incidents_situationreport", see=STAFF),
    Admin("client", "incidents_briefing", see=STAFF),
    Admin("client", "incidents_outlook", see=STAFF),
]

# What an admin site brings along whatever it holds.
SITE = {  # view: (GET, POST) of who may enter the site
    "login": ("302", "302"),
    "logout": ("302", "302"),
    "password_change": ("302", "302"),
    "password_change_done": ("200", "405"),
    "autocomplete": ("403", "405"),
    "jsi18n": ("200", "405"),
    "app_list": ("200/404", "200/404/405"),  # 404 for who may see none of its tables; incidents/ is a room of ours
    "None": ("404", "404"),
}

# -- the API: no key, this client's (all scopes), the other client's, a revoked or expired one, a person's session -----
API = [
    Row("client", "schema", "200 200 401 401 200", "405 405 401 401 405"),
    Row("client", "api_docs", "200 200 401 401 200", "405 405 401 401 405"),
    # Whoever has the address may post, and nobody has this one.
    Row("client", "api_inbound", "405 405 405 405 405", "404 404 404 404 404", ("=not-a-secret",)),
    # the same, for a calendar
    Row("client", "api_rota_calendar", "404 404 404 404 404", "405 405 405 405 405", ("=not-a-secret",)),
    *(
        Row("client", f"api_{name}", "401 200 401 401 401", "401 403/405 401 401 401")
        for name in (
            "key",
            "rota_now",
            "brands",
            "watches",
            "sources",
            "positions",
            "signals",
            "situation_reports",
            "briefings",
        )
    ),
    Row("client", "api_rota_feeds", "401 200 401 401 401", "401 400 401 401 401"),
    Row("client", "api_rota_feed", "401 403/405 401 401 401", "401 403/405 401 401 401", ("=1",)),
    Row("client", "api_mentions", "401 200 401 401 401", "401 415 401 401 401"),
    Row("client", "api_mention_deletions", "401 403/405 401 401 401", "401 400 401 401 401"),
    Row("client", "api_incidents", "401 200 401 401 401", "401 400 401 401 401"),
    Row("client", "api_incident_log", "401 403/405 401 401 401", "401 400 401 401 401", _NUMBER),
    Row("client", "api_incident_transitions", "401 403/405 401 401 401", "401 400 401 401 401", _NUMBER),
    Row("client", "api_incident_duties", "401 200 401 401 401", "401 403/405 401 401 401", _NUMBER),
    Row("client", "api_incident_duty", "401 403/405 401 401 401", "401 403/405 401 401 401", (*_NUMBER, "=scribe")),
    Row("client", "api_incident", "401 200 401 401 401", "401 403/405 401 401 401", _NUMBER),
    Row("client", "api_drafts", "401 200 401 401 401", "401 400 401 401 401"),
    Row("client", "api_draft", "401 200 401 401 401", "401 403/405 401 401 401", _DRAFT),
    Row("client", "api_follow_ups", "401 200 401 401 401", "401 403/405 401 401 401"),
    Row("client", "api_reports", "401 200 401 401 401", "401 403/405 401 401 401"),
    Row("client", "api_report", "401 200 401 401 401", "401 403/405 401 401 401", _REPORT),
    Row("client", "api_report_pdf", "401 200 401 401 401", "401 403/405 401 401 401", _REPORT),
]

ROWS = [*ACCOUNT, *AGENCY, *CLIENT]
ADMINS = [*AGENCY_ADMIN, *CLIENT_ADMIN]

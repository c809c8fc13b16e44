"""An incident as integrators read it: what was decided, never drafts or machine scores."""

from datetime import timedelta

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agency import clock
from clients.choices import Duty
from incidents.models import Incident, Task, TimelineEntry
from incidents.selectors import duties, milestones
from incidents.selectors.tasks import to_do


class IncidentOut(serializers.ModelSerializer[Incident]):
    """One incident, in short."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    reference = serializers.CharField(help_text="INC-0042")
    brand = serializers.CharField(source="brand.name")
    lead = serializers.CharField(source="lead.full_name", default=None, allow_null=True)

    class Meta:
        model = Incident
        fields = (
            "seq",
            "reference",
            "number",
            "kind",
            "state",
            "type",
            "family",
            "qualification",
            "severity",
            "brand",
            "title",
            "summary",
            "exit_criteria",
            "lead",
            "started_at",
            "proposed_at",
            "opened_at",
            "closed_at",
            "next_update_at",
            "revision",
        )


class LineOut(serializers.ModelSerializer[TimelineEntry]):
    """A line of the log with its two clocks and its hash."""

    by = serializers.CharField(source="by.full_name", default=None, allow_null=True)
    corrects = serializers.IntegerField(source="corrects.number", default=None, allow_null=True)
    picture = serializers.CharField(
        source="picture.sha256", default=None, allow_null=True, help_text="SHA-256 of the picture shown, sealed too."
    )

    class Meta:
        model = TimelineEntry
        fields = (
            "number",
            "kind",
            "text",
            "happened_at",
            "logged_at",
            "by",
            "corrects",
            "picture",
            "hash",
        )


class TaskOut(serializers.ModelSerializer[Task]):
    """Who, what, before when; the playbook it was copied from and its version, when it was."""

    owner = serializers.SerializerMethodField(help_text="Whoever was given it, else who has its duty, else the lead.")
    done_by = serializers.CharField(source="done_by.full_name", default=None, allow_null=True)
    playbook = serializers.CharField(source="followed.playbook.code", default=None, allow_null=True)
    playbook_version = serializers.IntegerField(source="followed.version.number", default=None, allow_null=True)

    class Meta:
        model = Task
        fields = (
            "number",
            "words",
            "duty",
            "owner",
            "due_at",
            "state",
            "done_at",
            "done_by",
            "playbook",
            "playbook_version",
        )

    def get_owner(self, task: Task) -> str | None:
        found = self.context["owners"][task.pk]
        return found.full_name if found else None


class DutyOut(serializers.Serializer[duties.Held]):
    """A part in the incident's team, and who has it now."""

    duty = serializers.ChoiceField(choices=Duty.choices)
    holder = serializers.CharField(
        source="person.full_name", default=None, allow_null=True, help_text="The lead where nobody else has it."
    )
    since = serializers.DateTimeField(allow_null=True, help_text="Empty where it is the lead’s.")


class MilestoneOut(serializers.Serializer[milestones.Moment]):
    """A moment that an incident goes through, when it was reached and who says so."""

    code = serializers.CharField(source="kind.code", help_text="briefed, closed… or one of the client’s own.")
    name = serializers.CharField(source="kind.words", help_text="In French.")
    name_en = serializers.CharField(source="kind.words_en", help_text="In English; empty where the client gave none.")
    reached_at = serializers.DateTimeField(source="row.reached_at", default=None, allow_null=True)
    by = serializers.CharField(
        source="row.by.full_name", default=None, allow_null=True, help_text="Empty: the machine, or not reached."
    )
    note = serializers.CharField(source="row.note", default="", help_text="Why a person moved it.")


class MetricOut(serializers.Serializer[milestones.Length]):
    """How long it took between two milestones, beside the median of the client’s earlier incidents."""

    code = serializers.CharField(source="kind.code")
    name = serializers.CharField(source="kind.words", help_text="In French.")
    name_en = serializers.CharField(source="kind.words_en", help_text="In English; empty where the client gave none.")
    begins = serializers.CharField(source="found.metric.begins", help_text="Code of the first milestone.")
    ends = serializers.CharField(source="found.metric.ends", help_text="Code of the last milestone.")
    state = serializers.ChoiceField(
        source="found.state",
        choices=["known", "waiting", "untold"],
        help_text="waiting: not reached yet; untold: it cannot be measured.",
    )
    minutes = serializers.SerializerMethodField()
    usual_minutes = serializers.SerializerMethodField()
    usual_of = serializers.IntegerField(
        source="found.earlier", help_text="How many earlier incidents the median is of."
    )
    aim_minutes = serializers.IntegerField(source="found.metric.aim", allow_null=True)

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_minutes(self, told: milestones.Length) -> float | None:
        return _minutes(told.found.length)

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_usual_minutes(self, told: milestones.Length) -> float | None:
        return _minutes(told.found.usual)


def _minutes(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 60, 1)


class IncidentInFull(IncidentOut):
    """One incident with its team, its log, its tasks, its milestones and what they measure."""

    duties = serializers.SerializerMethodField()
    log = serializers.SerializerMethodField()
    tasks = serializers.SerializerMethodField()
    milestones = serializers.SerializerMethodField()
    metrics = serializers.SerializerMethodField()

    class Meta(IncidentOut.Meta):
        fields = (*IncidentOut.Meta.fields, "duties", "log", "tasks", "milestones", "metrics")  # type: ignore[assignment]

    def to_representation(self, incident: Incident) -> dict[str, object]:
        self.measured = milestones.told(incident)  # once for both lists
        return super().to_representation(incident)

    @extend_schema_field(MilestoneOut(many=True))
    def get_milestones(self, incident: Incident) -> list[dict[str, object]]:
        return list(MilestoneOut(self.measured.milestones, many=True).data)  # type: ignore[arg-type]

    @extend_schema_field(MetricOut(many=True))
    def get_metrics(self, incident: Incident) -> list[dict[str, object]]:
        return list(MetricOut(self.measured.metrics, many=True).data)  # type: ignore[arg-type]

    @extend_schema_field(DutyOut(many=True))
    def get_duties(self, incident: Incident) -> list[dict[str, object]]:
        return list(DutyOut(duties.duties(incident), many=True).data)  # type: ignore[arg-type]

    @extend_schema_field(TaskOut(many=True))
    def get_tasks(self, incident: Incident) -> list[dict[str, object]]:
        told = to_do(incident, clock.now())
        every = (*told.open, *told.past)
        context = {"owners": {one.task.pk: one.owner for one in every}}
        return list(TaskOut([one.task for one in every], many=True, context=context).data)

    @extend_schema_field(LineOut(many=True))
    def get_log(self, incident: Incident) -> list[dict[str, object]]:
        from_first = incident.entries.select_related("by", "corrects", "picture").order_by("number")
        return list(LineOut(from_first, many=True).data)

"""What people do with the list to sort: each act on mentions, what waits, and the lists they keep."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import SortingKind, Triage
from clients.models.mentions import Mention


class SortingAct(models.Model):
    """One act of a person on some mentions at once; numbers follow the order in which acts were done."""

    kind = models.CharField(_("kind"), max_length=10, choices=SortingKind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("by")
    )
    done_at = models.DateTimeField(_("done at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    # What it takes to undo it beyond the state of each mention: labels said, rows put into an incident.
    kept = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("act on mentions")
        verbose_name_plural = _("acts on mentions")
        ordering = ("-id",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["by", "-id"], name="sorting_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_at:%Y-%m-%d %H:%M}"


class SortedMention(models.Model):
    """What one act did to one mention: its state before and after."""

    act = models.ForeignKey(SortingAct, on_delete=models.CASCADE, related_name="mentions", verbose_name=_("act"))
    mention = models.ForeignKey(
        Mention, on_delete=models.CASCADE, related_name="+", verbose_name=_("mention"), db_index=False
    )
    was = models.CharField(max_length=10, choices=Triage.choices)
    became = models.CharField(max_length=10, choices=Triage.choices)
    waited_until = models.DateTimeField(null=True)  # before the act, where it waited

    class Meta:
        verbose_name = _("sorted mention")
        verbose_name_plural = _("sorted mentions")
        ordering = ("-act_id", "mention_id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("mention", "act", name="one_line_per_mention_and_act"),
        ]

    def __str__(self) -> str:
        return f"{self.mention_id}: {self.was} → {self.became}"


class Waiting(models.Model):
    """A mention put off: it comes back to the list to sort by itself at `until`."""

    mention = models.OneToOneField(
        Mention, on_delete=models.CASCADE, related_name="waiting", primary_key=True, verbose_name=_("mention")
    )
    until = models.DateTimeField(_("until"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("by")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("mention that waits")
        verbose_name_plural = _("mentions that wait")
        ordering = ("until", "mention_id")

    def __str__(self) -> str:
        return f"{self.mention_id} → {self.until:%Y-%m-%d %H:%M}"


class SavedFilter(models.Model):
    """A narrowed list under a name: one person's own, or everybody's who sorts for the client (no owner)."""

    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("address"), max_length=1000)  # as clients.admin.narrowing writes it, never as it came
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("owner")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("by")
    )
    saved_at = models.DateTimeField(_("saved at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("rank", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=models.Q(deleted_at__isnull=True),
                nulls_distinct=False,
                name="one_saved_filter_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

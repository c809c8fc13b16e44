from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """A brand of the client: a client has one or more."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    handles = ArrayField(models.CharField(max_length=100), verbose_name=_("handles"), default=list, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Watch(models.Model):
    """What is listened for on a brand. Words match whole words, without case or accents.

    A mention is caught when it holds one of `include`, `handles` or `hashtags` (any mention when all three are empty),
    all of `required`, none of `exclude`, and is in one of `languages` (unknown languages pass).
    """

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="watches", verbose_name=_("brand"))
    name = models.CharField(_("name"), max_length=100)
    include = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("words, one of which must be there"),
        default=list,
        blank=True,
        help_text=_(
            "Separated by commas; a phrase is a word too; rembours* stands for any word that begins so. One of these, "
            "of the accounts or of the hashtags is enough. All three empty: every mention of the client’s sources."
        ),
    )
    handles = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("accounts named"),
        default=list,
        blank=True,
        help_text=_("@handles: a mention that names one is caught. On Mastodon, @name@instance."),
    )
    hashtags = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("hashtags"),
        default=list,
        blank=True,
        help_text=_("With or without #: a mention that bears one is caught."),
    )
    required = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("words that must all be there"),
        default=list,
        blank=True,
        help_text=_("Besides the above. Empty: nothing more is asked."),
    )
    exclude = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("words that exclude"),
        default=list,
        blank=True,
        help_text=_("A mention that holds one of these is left, whatever else it holds."),
    )
    languages = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Codes such as fr, en. Empty: all. A mention whose language is unknown is caught all the same."),
    )
    ignored_authors = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("accounts not counted"),
        default=list,
        blank=True,
        help_text=_("The brand’s own accounts, for instance: they are read, never counted in a surge."),
    )
    false_alarms_per_month = models.FloatField(
        _("false alarms a month"),
        default=1.0,
        validators=[MinValueValidator(0.1), MaxValueValidator(30)],
        help_text=_("The one setting: how many alarms for nothing you accept in a month. Lower is calmer and later."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # Past mentions are matched again after the words changed, up to this number; null when all have been.
    rematched_to = models.BigIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ("brand", "name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("brand", "name", name="one_watch_of_that_name"),
            models.CheckConstraint(
                condition=models.Q(false_alarms_per_month__gte=0.1, false_alarms_per_month__lte=30),
                name="false_alarms_between_a_tenth_and_thirty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} · {self.name}"

"""Acts that show at once outside the desk are asked twice: a page says what will happen, and one button does it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from agency.admin.base import HouseModelAdmin


def ask_then_do(
    page: HouseModelAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    question: str,
    consequence: str,
    done: str,
    act: Callable[[Any], object],
) -> HttpResponse | None:
    """An admin action in two steps. `act` gets each row; a ValidationError of its is shown and nothing is done."""
    if request.POST.get("confirmed") != "yes":
        context = {
            **page.admin_site.each_context(request),
            "title": question,
            "consequence": consequence,
            "action": action,
            "rows": queryset,
            "opts": page.opts,
            "media": page.media,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)
    try:
        with transaction.atomic():
            for row in queryset:
                act(row)
    except ValidationError as error:
        page.message_user(request, " ".join(error.messages), messages.ERROR)
    else:
        page.message_user(request, done, messages.SUCCESS)
    return None

"""In the demo, the sign-in page says who may be whom."""

import json
from typing import Any

from django import template
from django.conf import settings

from agency.choices import Role

register = template.Library()


@register.inclusion_tag("account/_demo_logins.html", takes_context=True)
def demo_logins(context: dict[str, Any]) -> dict[str, Any]:
    """The people of the demo who sign in on this host, as seed_demo wrote them down; nobody outside the demo."""
    story = settings.STATE_FOLDER / "demo.json"
    request = context["request"]
    told = json.loads(story.read_text()) if settings.DEMO and story.is_file() else {"logins": []}
    here = request.get_host().partition(":")[0]
    logins = [{**one, "role": Role(one["role"]).label} for one in told["logins"] if one.get("host") == here]
    names = ("csrf_token", "redirect_field", "request")
    return {
        "logins": logins,
        "is_staff_door": here == settings.AGENCY_HOST,
        **{name: context.get(name) for name in names},
    }

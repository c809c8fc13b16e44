import re

from django.template.loader import render_to_string

from reports.documents.sheet import sheet
from tests.reports.samples import report


def _page(**changes):
    return render_to_string("reports/_report_body.html", {"sheet": sheet(report(**changes))})


def test_the_page_shows_the_drawings_and_their_figures():
    page = _page()
    assert page.count("<svg xmlns") == 8
    assert page.count("<details>") == 4
    assert '<td class="number-cell">61</td>' in page


def test_the_page_has_no_style_no_script_and_escapes_what_people_wrote():
    page = _page(title="<script>x</script>", decision_asked="<img src=x onerror=y>")
    assert not re.search(r"<script|<img|\sstyle=", page)


def test_ids_are_unique_in_the_page():
    ids = re.findall(r'\sid="([^"]+)"', _page())
    assert len(ids) == len(set(ids))

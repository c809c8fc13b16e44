from django.db import migrations

# The expression of clients.selectors.search, as it was when the index was made: to change one is to change both.
_INDEX = """
CREATE INDEX mention_words ON clients_mention USING gin (to_tsvector('simple'::regconfig, translate(
    lower(title || ' ' || text),
    'éèêëàâäáãçîïíôöóõùûüúñ’',
    'eeeeaaaaaciiioooouuuun'''
)))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_tools_push_to_an_address"),
    ]

    operations = [migrations.RunSQL(_INDEX, "DROP INDEX mention_words")]

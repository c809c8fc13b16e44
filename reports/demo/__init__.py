"""The demo: two fictional clients, their past, and a strike that begins while a newcomer looks on.

The top of the story: it may see every app, and only the demo's commands see it. Brands, people and posts are invented.
"""

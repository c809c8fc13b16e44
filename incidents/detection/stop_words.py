"""Words that say nothing about what a surge is about, French and English, without accents."""

_FRENCH = """
a ai aie ainsi alors apres as assez au aucun aucune aujourd aujourdhui aura aussi autre autres
aux avant avec avez avoir avons bah beaucoup ben bien bon bonjour bonsoir c ca car ce ceci cela celle celui cependant
ces cest cet cette ceux chez comme comment d dans de deja depuis des deux dit dites dois doit donc du elle elles en
encore entre es est et etaient etait etant ete etes etre eu eux faire fais fait faites faut hier ici il ils j jai je
jour jusqu l la le les leur leurs lui ma mais mal me meme merci mes mieux moi moins mon n ne ni non nos notre nous
nouveau on ont ou oui par parce pas pendant peu peut peux plus plutot pour pourquoi pouvez puis qu quand que quel
quelle quelles quelqu quels qui quoi rien rt sa sans se sera ses si soit son sont sous suis sur svp t ta tes toi ton
toujours tous tout toute toutes tres trop tu un une va vais vers veut veux via voila vos votre vous vraiment vu y
"""

_ENGLISH = """
a about after again all also am an and any anyone are as at be because been before being but by can cant could d did
do does doing dont down even ever for from get go going got had has have having he hello her here him his how i if im
in into is isnt it its just know like ll m make me more most my n need no nor not now of off on one only or our out
over please re rt s same say she should so some still such t than thank thanks that the their them then there these
they this those to today too up us ve very via was we were what when where which while who why will with would yes
yesterday you your yours
"""

FRENCH = frozenset(_FRENCH.split())
ENGLISH = frozenset(_ENGLISH.split())
STOP_WORDS = {"fr": FRENCH, "en": ENGLISH}

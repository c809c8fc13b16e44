"""Hand-written phrases for the rules: what each must be read as, look-alikes included ("" = no rule may fire)."""

SAFETY = """
Le grille-pain a pris feu pendant que je dormais
Ma belle-mère est aux urgences à cause de votre terrine
J'ai trouvé des éclats de verre dans la compote de ma fille
La trottinette a explosé dans le couloir
Mon neveu s'est étouffé avec le bouchon
Brûlures au visage après votre masque, c'est grave
Depuis votre passage ça sent, le voisin parle d'une fuite de gaz
Trois enfants intoxiqués à la cantine
Choc anaphylactique : les noix n'étaient pas sur l'étiquette
Les freins ont lâché dans la descente
Je sais où tu habites, attends-moi ce soir
On va te casser la gueule à la sortie du boulot
Menaces de mort reçues après votre post
J'en peux plus, je vais me suicider
Je voudrais en finir avec ma vie
Une nacelle s'est détachée pendant le manège
Il y a des asticots dans le paquet de riz
Le détecteur de monoxyde a sonné toute la nuit
Votre livreur m'a agressée devant chez moi
Une vendeuse a été blessée par le rideau métallique
Le client est décédé sur place
Tout le service malade après le buffet
Notre bébé en danger à cause de la barrière qui ne tient pas
J'ai failli mourir avec votre chauffe-eau
Alerte à la bombe dans votre galerie, c'est vrai ?
Décharge électrique en touchant la machine
My hairdryer burst into flames
My son is in the hospital because of your burger
Found broken glass in the baby jar
The scooter exploded in our hallway
He choked on the cap of your bottle
Second degree burns from the mask
There is a gas leak since your visit
Food poisoning for the whole team after lunch
Severe allergic reaction, nuts were not listed
The brakes failed downhill
I know where you live
We are going to kill you
Someone died because of your product
I want to kill myself tonight
Your driver assaulted me
The car seat does not lock
My dad was injured by the shutter
Maggots in the rice
Electric shock from the coffee machine
""".strip().splitlines()

LEGAL = """
Je dépose plainte ce soir
Plainte déposée, vous allez rire jaune
Mon avocate prend contact avec vous lundi
Ça finira devant les tribunaux
Mise en demeure partie ce matin
J'ai saisi la DGCCRF
Signalement sur SignalConso fait
La CNIL sera ravie de voir vos fichiers
Un huissier est passé constater
C'est de la publicité mensongère
Votre post est diffamatoire
Je vous attaque en justice
Rendez-vous aux prud'hommes
J'exige des dommages et intérêts
Vous violez le RGPD
C'est illégal, relisez le code de la consommation
Une action de groupe est lancée
Vice caché évident sur ce véhicule
J'ai écrit au médiateur
Escroquerie en bande organisée, la justice tranchera
My lawyer will be in touch
I'm going to sue you
See you in court
Reported to trading standards
That is false advertising
You are in breach of contract
Small claims court next week
GDPR request ignored for 40 days, complaint with the regulator
This is libel and you know it
Class action lawsuit loading
The ombudsman has my file
I will press charges
""".strip().splitlines()

CALL = """
Boycottez cette enseigne
#BoycottNorvalis
Signez la pétition avant dimanche
RT en masse que ça remonte
Faites tourner svp
N'achetez plus chez eux
Résiliez tous vos contrats
Désabonnez-vous maintenant
Tous devant le siège samedi
Signalez tous leur compte
Mettez-leur une étoile sur la carte
Allez tous commenter sous leur photo
Partagez au maximum
Il faut que ça se sache
Inondez leur standard d'appels
Time to boycott them
Sign the petition
Please share this widely
Stop buying their stuff
Cancel your subscription today
Delete the app
Everyone outside the store on Saturday
Mass report this account
Leave them a one-star review
Tag their sponsors
Spread the word before they delete it
Don't shop there any more
""".strip().splitlines()

POPCORN = """
🍿
Je sors le popcorn
Sortez les chaises, ça va chauffer
Je viens juste pour les commentaires
Les réponses sont en or
Mieux qu'une série ce fil
Popcorn prêt
Here for the replies
Grab a seat everyone
This is better than Netflix
The comments are gold
Sipping my tea
""".strip().splitlines()

NOTHING = """
Cette série est une tuerie
Votre burger, une vraie tuerie
Une tuerie ce dessert
Je suis morte de rire devant votre slogan
Mort de faim, vous livrez encore ?
J'ai explosé de rire
Les ventes explosent depuis mars
Vos prix ont explosé
C'est de la bombe cette chanson
Bombe de bain à la lavande reçue, merci
Mon téléphone est mort, je vous écris du bureau
C'est mort pour ce soir
Toast à l'avocat et café
Une salade d'avocat au citron
Des avocats mûrs au rayon fruits
Je me fais l'avocat du diable
Ils noient le poisson depuis ce matin
Arrêtez d'étouffer l'affaire
Blessé dans mon orgueil par ce tweet
L'hôpital qui se moque de la charité
J'ai cliqué par accident
Suicide commercial en direct
Un couteau suisse en cadeau
Je suis allergique à la mauvaise foi
Procès d'intention, encore un
Condamné par le tribunal des réseaux sociaux
RT + follow pour gagner deux places
Concours : partagez ce post, tirage vendredi
Partagez vos photos de vacances avec nous
Rejoignez notre équipe à Lille
Machine à pop-corn en promo
Le pop-corn caramel est trop sucré
Pétition de principe, rien de plus
Épisode 3 de la saison 2 disponible
Bonne journée à tous
Le retard est de dix minutes
Merci pour votre réponse rapide
Explosion de saveurs dans cette soupe
That app is a killer feature machine
I nearly died laughing
My battery died
Sales exploded this quarter
Career suicide live on air
I clicked by accident
Bath bombs are on sale
Playing devil's advocate here
It should be illegal to be this good
The court of public opinion has spoken
RT and follow for a chance to win
Popcorn machine for sale
The popcorn was stale at the cinema
Join our team in Leeds
How do I unsubscribe from the newsletter?
Great flight, thank you
Swiss army knife in the box
Hit me up when it opens
Adding insult to injury, the queue
I am allergic to nonsense
""".strip().splitlines()

LEVERAGE = {
    "press": """
cc @BFMTV @lemondefr regardez ça
Je préviens la presse dès ce soir
Des journalistes sont déjà au courant
Going to the press with this
@BBCNews you should see this
""".strip().splitlines(),
    "authority": """
@CNIL et @dgccrf pour information
J'ai écrit au préfet et au maire
Reported them to the FTC yesterday
@SignalConso encore eux
""".strip().splitlines(),
    "": """
Elle sort d'une école de journalisme
Le maire inaugure le magasin
La presse à café est cassée
""".strip().splitlines(),
}

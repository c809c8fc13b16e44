"""The rules' words, in French and English, written on folded text (lower case, no accent, straight apostrophes).

A rule is a list of expressions that count and a list of `traps`: expressions that look alike and mean something else
("mort de rire", "toast à l'avocat"). A hit that meets a trap is dropped; anything else is kept, because missing a
burnt child costs more than reading one message for nothing. Order is gravity: the first
rule that fires names the intent.
"""

SAFETY = (
    r"(?:a|ont|avoir|prend|prendre|qui|vient de) (?:pris|prendre )?feu",
    r"pris feu|en flammes|incendies?|prend(?:re)? feu|electrocut\w+|decharges? electriques?|court[- ]circuit\w*",
    r"brul(?:ures?|ee?s? (?:au|a la|aux|les|par|vive?)|e (?:la|le|les|ma|mon|mes) \w+)|explos(?:e|ee|es|ions?|er)",
    r"caught fire|burst into flames|went up in flames|set fire|electric(?:al)? shocks?|electrocuted",
    r"short[- ]circuit\w*",
    r"burn(?:s|ed|t|ing)? (?:my|his|her|our|me|down|from)|degree burns?|burns? (?:on|to)|explo(?:ded?|des|sions?)",
    r"intoxi(?:cations?|que|quee?s?)|empoisonn\w+|allergi(?:e|que|ques)|anaphyla\w+|salmonell\w*|listeria",
    r"e[. ]?coli",
    r"(?:malades? (?:apres|a cause|depuis)|rendue?s? malades?|famille malade|tombee?s? malades?|vomi\w*)",
    r"(?:eclats?|morceaux?|bouts?|debris) de (?:verre|plastique|metal|ferraille)|asticots?",
    r"(?:souris|rat|cafards?) dans",
    r"food poisoning|poisoned|allergic|allergen|vomit\w*|throwing up|broken glass|shards?|maggots?",
    r"(?:pieces?|bits?) of (?:glass|metal|plastic)|(?:mouse|rat|roach(?:es)?) in (?:my|the|our)",
    r"(?:made|making) (?:me|us|him|her|my \w+|our \w+) (?:sick|ill)",
    r"(?:family|kids|children|son|daughter) (?:is |are |got |fell )?(?:ill|sick)",
    r"hopital|hospitalis\w+|aux urgences|samu|ambulances?|pompiers|bless(?:e|ee|es|ees|ures?)",
    r"etouff(?:e|ee|es|er|ant|ement)|noyade|noy(?:e|ee|es|er)|asphyxi\w+|suffoqu\w+|monoxyde|amiante",
    r"hospital(?:i[sz]ed)?|emergency room|ambulance|paramedics?|injur(?:ed|y|ies)|wounded|bleeding|chok(?:ed|ing)",
    r"suffocat\w+|drown(?:ed|ing)|carbon monoxide|asbestos",
    r"(?:odeurs?|fuites?) de (?:gaz|produits?|ammoniac|chlore)|fuite (?:chimique|toxique)",
    r"produits? (?:chimiques?|toxiques?)",
    r"freins? (?:ont|a|qui|a) (?:lache|lachent|cede)|ne freine plus|airbags?|siege auto",
    r"(?:roue|plafond|rampe|nacelle)\w* (?:s'est|s'est encore|a) \w+",
    r"effondree? sur|rappel (?:de|du|des) (?:lots?|produits?)|lots? rappeles?|accident(?:e|ee|es|s)?",
    r"gas leak|smell(?:s|ing)? (?:of )?gas|chemical (?:leak|spill)|toxic (?:fumes|to|gas)",
    r"brakes? (?:failed|fail|gave)",
    r"car seats? (?:\w+ ){0,3}(?:lock|buckle|broke|fail|came|snap)\w*|collapsed on|fell on (?:a|my|the)",
    r"product recall|recall of|accident",
    r"(?:vies?|enfants?|bebes?|fille|fils|gens|clients?|passagers?|personnes?|salaries?) (?:\w+ )?en danger",
    r"mis\w* en danger|danger de mort",
    r"dangereu(?:x|se|ses) pour|mortel(?:s|le|les)?",
    r"(?:children|kids|bab(?:y|ies)|child|lives|people|passengers|us|me) (?:\w+ )?(?:at risk|in danger)|danger to",
    r"dangerous for|unsafe",
    r"menaces? de mort|(?:est|sont) (?:morte?s?|decedee?s?)|failli (?:mourir|y passer|tuer|etouffer|perdre la vie)",
    (
        r"(?:vais|va|vont|allons|faut|envie de|voudrais) (?:\w+ )?(?:te |vous |le |la |les |lui |leur )?(?:tuer|buter|"
        r"egorger|planter|cramer|frapper|tabasser|casser la (?:gueule|figure)|faire la peau)"
    ),
    r"je (?:le|la|les|te|vous) (?:tue|bute|creve|frappe|tabasse)|faire la peau|casser la (?:gueule|figure)",
    r"on sait ou (?:tu|vous) \w+|sais ou (?:tu|vous) (?:habit|travaill)\w+",
    r"bombes?|colis piege|fusil|kalach\w*|couteau|tuerie|agression|agresse[es]*|tabasse[es]*|viole[es]*|viol",
    r"harcelement (?:moral|sexuel|de rue|au travail)",
    r"suicid\w*|en finir avec (?:la|ma) vie|(?:veux|envie de|vais) mourir",
    r"me (?:tuer|pendre|foutre en l'air|jeter sous)|me faire du mal",
    r"death threats?|(?:almost|nearly|could have) (?:killed|died)",
    r"(?:died|killed|dead) (?:after|because|due|by|from)|was killed|has died",
    r"(?:going to|gonna|will|'ll|want to|wanna) (?:kill|shoot|stab|hurt|beat|bomb|punch) \w+|beat you up",
    r"(?:will|'ll|going to|gonna) hurt",
    r"know where (?:you|she|he|they) (?:live|work)s?|bomb (?:threat|in)|plant a bomb|kill myself",
    r"end (?:my life|it all)|suicid\w*",
    r"want to die|self[- ]harm|assaulted|assault|raped?|attacked (?:me|her|him|us)|punched|hit me",
    r"sexual\w* harass\w+|harassed (?:by|me)",
)
SAFETY_TRAPS = (
    (
        r"(?:morte?s?|mourir|creve|crever|explosee?s?|exploser?|pleurer|tuee?s?|etouff\w+) (?:de |d')(?:rire|faim|"
        r"fatigue|honte|soif|froid|ennui|chaud|jalousie|trouille|amour)"
    ),
    r"died? (?:of|from) (?:laugh\w+|boredom|embarrassment|shame|cringe)",
    r"(?:died|dying|dead|choked|exploded) (?:with )?laugh\w*|want to die (?:laugh\w+|of cringe)",
    (
        r"(?:vente|prix|compteur|facture|note|stat|record|budget|cout|notification|mention|chiffre|score|audience|"
        r"plafond|delai)s? (?:\w+ ){0,3}explos\w+"
    ),
    (
        r"explos\w+ (?:de |d'|les|des|du|mes|nos|vos|le|son|mon|leur) (?:vente|prix|compteur|facture|record|stat|"
        r"budget|score|forfait|plafond|delai|mention|notification)\w*"
    ),
    r"(?:mentions|sales|prices|bill|inbox|phone|notifications) (?:\w+ ){0,2}explod\w+",
    r"exploded? (?:with|in popularity)",
    r"c'est (?:de la |la )?bombe|de la bombe",
    r"bombes? (?:de|a|d'|pour) (?:douche|bain|peinture|raser|deo\w*|eau|retardement)",
    r"bombe (?:sexuelle|anatomique|glacee)|photo ?bomb\w*|bombe ce \w+",
    r"une bombe (?:cette|ce|cet) (?:album|serie|chanson|robe|clip)",
    r"(?:est|etait|vraiment|trop|sont|quelle|c'est) (?:\w+ )?une (?:vraie |pure |veritable |putain de )?tuerie",
    r"une (?:vraie|pure|veritable) tuerie|une tuerie (?:ce|cet|cette|le|la|leurs?|vos|votre)",
    r"c'est mort",
    (
        r"(?:telephone|portable|batterie|reseau|wifi|ordi|ordinateur|site|appli|application|ligne|internet|ecran|box|"
        r"serveur|chargeur|pc|quartier|centre-ville|service) (?:\w+ )?(?:est|sont) morte?s?"
    ),
    r"etouff\w+ (?:l'affaire|le scandale|la polemique|le debat|l'histoire|les critiques|la contestation)",
    r"chaleur etouffante",
    r"noyer le poisson",
    (
        r"noyee?s? (?:dans|sous) (?:les|la|le|des|mes) (?:mail|message|paperasse|dossier|info|masse|foule|"
        r"notification)\w*"
    ),
    r"drown\w* in (?:email|work|paper|message|debt|noti)\w*",
    r"l'hopital (?:qui )?se (?:fout|moque)|par accident|sans accident|by accident|accidentally",
    r"accident de (?:communication|com|parcours)",
    r"bless\w+ (?:dans )?(?:mon|son|leur|votre|l'|d')? ?(?:orgueil|ego|amour[- ]propre|narciss\w+)|blessure d'ego",
    r"injured pride|add(?:ing|s)? insult to injury|bleeding (?:edge|money|cash|heart|customers)|injury time",
    r"(?:killer|tueur|tueuse) (?:feature|app|deal|look)|gonna kill it",
    r"kill(?:s|ed|ing)? (?:it|the vibe|the mood|time)|en pleine explosion de joie",
    r"explosion de (?:joie|saveurs?|couleurs?|gouts?)|explosion of (?:flavou?r|colou?r|taste|joy)",
    r"suicide (?:commercial|politique|marketing|mediatique|squad)",
    r"(?:career|commercial|brand|pr|marketing|political) suicide",
    r"c'est un suicide (?:commercial|marketing|en termes)",
    (
        r"allergi\w+ (?:a|aux|au) (?:la |l'|leur |votre |ce |ces |cette )?(?:betise|connerie|mauvaise foi|pub|pubs|"
        r"langue de bois|mensonge|incompetence|communication|jargon|lundi)\w*"
    ),
    r"allergic to (?:stupid\w*|nonsense|bullshit|mondays|lies|jargon|customer)",
    r"couteau sous la gorge|burn\w* (?:my|our) (?:dreams|miles|points|money|bridges|tongue)|couteau suisse",
    r"couteaux? de cuisine|couteau a (?:pain|beurre|huitre)|second couteau|sous le couteau|peche mortel\w*",
    r"ennui mortel|mortel(?:s|le|les)? (?:ce|cet|cette|le|la|l'|!+|ton|votre|leur)|c'est mortel !*$|trop mortel\w*",
    r"punched (?:in|the (?:number|code|ticket|air))|hit me (?:up|with)|hit me that|bomb(?:s|e)? ass",
    r"the bomb(?:!|\.|$)|bath bombs?|vomi(?:r|t)? (?:mon|de rire)|sick (?:beat|deal|trick)",
    r"toxic (?:to|for) (?:the )?(?:debate|timeline)|broken glass ceiling",
    r"incendie(?:nt|r)? (?:twitter|la toile|les reseaux)|en flammes (?:sur|la) (?:twitter|toile)",
    r"mentions (?:sont )?en flammes|pompiers? de service|pyromane",
    r"un accident industriel|fusil d'epaule|coup de fusil|poule (?:\w+ ){0,4}un couteau",
    (
        r"explosion (?:de |du |des |d')(?:(?:la |l')?(?:demande|cout|nombre)|prix|tarif|facture|probleme|panne|plainte|"
        r"signalement|appel|demande|abonnement)s?"
    ),
    r"prix (?:\w+\W+){0,12}?explosion|(?:si|comme si) (?:c'etait|ce fut) un accident",
    r"on sait ou (?:tu|vous) (?:fai|met|pren|trouv|gagn|investi|pass|en et|vous et|all)\w+",
    r"l'hopital \(\d+|tuer (?:l'autre|le temps|l'ambiance|le game|la concurrence|le marche|dans l'oeuf)",
)
LEGAL = (
    r"port\w* plaintes?|plaintes? (?:deposee|contre|collective|penale)|(?:depot de |depos\w+ (?:une |ma )?)plainte",
    r"main courante au commissariat",
    r"avocate?s?|tribuna(?:l|ux)|prud'?hommes?|en justice|la justice|poursui\w+ (?:judiciaires?|en|penales?)",
    r"procedures? judiciaires?|juridiques?|penal|proces",
    r"actions? (?:de groupe|collectives?)|class action|assign(?:e|er|ation|ons) (?:en|au|devant)|assignation",
    r"mises? en demeure|mett\w+ en demeure|huissiers?|commissaire de justice",
    r"dgccrf|repression des fraudes|signal ?conso|cnil|arpp|(?:le |un |la )?mediateur\w*|mediatrice|ufc",
    r"que choisir|60 millions de conso\w*|defenseur des droits|inspection du travail",
    r"associations? de consommateurs",
    r"dommages[- ]et[- ]interets|prejudices?|diffam\w+|illega(?:l|le|les|ux|lement|lite)|hors la loi",
    r"code de la consommation|code du travail|publicite mensongere|pratiques? (?:commerciales? )?trompeuses?",
    r"vices? caches?|rgpd|droits? d'auteurs?|contrefacons?|article l ?\.? ?\d+|puni par la loi|mes droits",
    r"delai legal|escroquerie|usurpation d'identite",
    r"lawyers?|attorneys?|solicitors?|barrister|sue (?:you|them|this|the|your|their|for)|suing|lawsuits?",
    r"legal(?:ly)? (?:action|team|advice|proceedings|notice|department|liable)|litigation",
    r"(?:in|to|through the) courts?|the courts|small claims|press(?:ing)? charges|police report",
    r"fil(?:e|ed|ing) (?:a )?(?:complaint|report|claim|suit) (?:with|against)|complaint with the",
    r"trading standards|ombuds(?:man|woman|person)|consumer (?:law|rights|protection|association|affairs)",
    r"better business bureau|bbb|ftc|asa ruling|information commissioner|data protection|gdpr",
    r"false advertis\w+|misleading advertis\w+|breach of (?:contract|law|gdpr)|cease and desist|libel(?:l?ous)?",
    r"defam\w+|slander(?:ous)?|claim(?:ing)? (?:for )?damages|damages claim|formal notice",
    r"copyright (?:claim|infringement|law)|illegal(?:ly)?|against the law|breaking (?:\w+ )?law|unlawful|fraudes?",
    r"fraudulent|commit\w* fraud|report\w* (?:the |this )?fraud",
)
LEGAL_TRAPS = (
    (
        r"(?:toasts?|salades?|tartines?|sandwich(?:s|es)?|purees?|huile|noyaux?|smoothies?|masque|burgers?|bowls?|"
        r"makis?|wraps?|galettes?|recettes?|kilos?|caisse|filet|tranches?|mousse|creme|beurre|glace|shampo\w+) (?:a l'"
        r"|aux |au |d'|de l'|de |avec |et |l')(?:\w+ (?:et |a l'|aux |d')?)?avocats?"
    ),
    (
        r"avocats? (?:\w+ )?(?:murs?|mure|trop murs?|pourris?|ecrases?|bio|crevettes?|saumon|toast|noirs?|tranches?|"
        r"en promo|a \d|au rayon|du perou|du mexique|dans mon|dans ma|dans la salade|pas mur)"
    ),
    r"avocats?[- ](?:crevettes?|toast|saumon|oeufs?|feta)",
    (
        r"(?:mangue|tomate|citron|saumon|crevette|oeuf|banane|quinoa|concombre|feta)s?,? (?:et |, )?(?:l'|d'|les |"
        r"des )?avocats?"
    ),
    r"avocats? du diable|couleur avocat|guacamole (?:\w+ ){0,3}avocats?",
    r"tribunal (?:des reseaux|de twitter|populaire|mediatique|de l'opinion|d'internet)|court of public opinion",
    r"in (?:tennis|basketball|food|centre) court|to court (?:new|young|investors)|(?:next|off|over) to court",
    r"proces d'intention|faux proces|(?:illegal|illegale?) (?:d'etre|comme c'est|tellement|to be (?:this|so))",
    r"illegally (?:good|cute|tasty)|should be illegal",
    r"mediateur (?:culturel|scolaire|du musee|numerique)|rendre justice (?:a|au)|justice (?:sociale|climatique)",
    r"il n'y a pas de justice|(?:palais|ministere|ministre) de la justice",
    r"(?:actualis|activ|reactiv|renouvel|synchronis)\w* mes droits|mes droits (?:tv|canal|d'acces|sociaux|caf)",
    r"not a lawyer|devil's advocate|legally blonde|fraude? (?:scolaire|dans le (?:bus|metro|tram|train))",
)
CALL = (
    r"#?boycott\w*|#(?:stop|delete|dump|balance)[a-z]{3,}|#cancel(?!l?ed|l?ation|l?ing)[a-z]{3,}|petitions?|signez",
    r"signons",
    r"(?:rt|retweetez|relayez) (?:svp|s'il|si|pour|massi\w+|en masse|max\w*|a fond|tous|ca)",
    r"(?:a |merci de )?(?:faites?|faire) tourner|diffusez|relayez|retweetez",
    r"partag(?:ez|eons) (?:en masse|massivement|au maximum|max|partout|a fond|svp|tous|pour que|avant)|a partager",
    r"(?:faut|doit) que (?:tout le monde sache|ca se sache|ca tourne)",
    r"n'achet(?:ez|ons) (?:plus|pas|rien)|achet(?:ez|ons) plus",
    r"arret(?:ez|ons) (?:d'acheter|d'y aller|de leur (?:donner|acheter))|resili(?:ez|ons)",
    r"desabonn(?:ez|ons)[- ](?:vous|nous)|supprimez (?:l'|leur )appli\w*",
    r"tous (?:et toutes )?(?:devant|au siege|au magasin|a l'agence|dans la rue)",
    r"rassemblements? (?:devant|samedi|contre)|manif(?:estons|estez|estation)? (?:devant|samedi|contre)",
    r"venez nombreux|venez tous|rejoign(?:ez|ons)",
    r"signalez (?:tous |toutes |en masse |massivement )*(?:ce|leur|le|la|cette|les)|signalez en masse",
    r"met(?:tez|tons)[- ](?:leur )?(?:tous )?(?:une|1|zero) etoiles?|une etoile partout",
    r"allez (?:tous |toutes )(?:commenter|noter|leur|mettre|sous|dire)",
    r"allez (?:commenter|noter|leur dire|leur mettre)|inond(?:ez|ons)|spamm(?:ez|ons)|harcel(?:ez|ons)",
    r"interpell(?:ez|ons)|mobilis(?:ez|ons)[- ](?:vous|nous)|bombard(?:ez|ons)",
    r"appel(?:ez|ons) (?:\w+ )?(?:leur|le) (?:standard|siege|service)",
    r"ecrivez (?:tous |a |au )(?:leur|siege|direction)|envoyez[- ](?:\w+ )?(?:un |des )?mails?",
    r"on lance (?:le |un )(?:hashtag|mouvement)|montrez[- ]leur|faites[- ]leur|au portefeuille|greve des achats",
    (
        r"(?:please |pls |everyone |all )?(?:share|rt|retweet) (?:this |it |and )?(?:everywhere|widely|"
        r"so (?:that )?(?:it|they|everyone|people)|if you|far and wide|before they)"
    ),
    r"please (?:share|rt|retweet)|spread (?:the word|it|this)",
    r"sign (?:this|the|our|my)(?: \w+)? ?petition|sign (?:and share|here)|people need to know",
    r"everyone (?:needs to|must|should) know",
    (
        r"(?:stop|don't|do not|quit) (?:buy|buying|shop|shopping|using|giving|support|supporting|spend|"
        r"spending)(?:ing)?"
    ),
    r"cancel your (?:\w+ )?(?:subscription|account|order|membership|contract|card)",
    r"delete (?:the|their|your|this) (?:app|account)|unsubscribe|unfollow (?:them|this)",
    r"switch (?:banks|providers|now)|hit them",
    r"everyone (?:outside|at the|in front)|protests?|rally (?:outside|at|against)|march (?:on|against)",
    r"mass[- ]report|report (?:this|their|the) account",
    r"(?:leave|give|drop) (?:them |it )?(?:all )?(?:a |an )?(?:one|1|zero)[- ]stars?|(?:one|1) star everywhere",
    r"tag (?:their|the|all) (?:advertisers|sponsors|partners|ceo|investors)|go (?:comment|tell them|flood|rate)",
    r"flood (?:their|the)|let'?s (?:get|make) .{1,30}trend\w*|(?:call|e-?mail|write to|phone) their",
    r"join (?:the|our|us)(?: \w+)? ?(?:protest|boycott|march|movement|strike|fight)|who'?s with me|make them pay",
)
CALL_TRAPS = (
    (
        r"(?:rt|retweetez|relayez|partagez|partager|retweet|share|like et rt|rt et follow|rt \+) .{0,24}(?:gagner|"
        r"participer|concours|tirage|tenter|chance|win|giveaway|enter|a chance)\w*"
    ),
    r"(?:concours|giveaway|jeu)\b.{0,60}?\b(?:rt|partag\w+|share|retweet\w*|a partager)\b.{0,20}",
    r"petitions? de principe",
    r"please share (?:the |your |more |some |any )?(?:details?|link|info\w*|number|feedback|dm|this link)",
    r"partag\w+ (?:votre|vos|ton|tes) (?:avis|photos?|experiences?|recettes?)|resilier",
    r"a partager (?:entre|en famille|a deux|avec)|never stop (?:using|buying|supporting)",
    r"can'?t stop (?:buying|using)|won'?t stop (?:buying|using)",
    r"how (?:do|can) i (?:unsubscribe|delete .{1,12}|cancel .{1,20})|unsubscribe (?:link|button|me|from)",
    r"comment (?:vous )?(?:rejoindre|partager)|rejoign(?:ez|ons)[- ]nous|rejoignez (?:notre|l') ?equipe",
    r"join (?:our|the) (?:team|club|newsletter)|sign here (?:please )?for|protest (?:song|vote)",
    r"spread (?:it )?(?:on|with) (?:toast|bread|butter)|fete a partager",
    r"(?:faire|faites?|fait) tourner (?:en rond|en bourrique|la tete|mal|au ralenti|le moteur|chevre)",
    r"(?:vous (?:me |nous |les |l')?|m'|ils? (?:me |nous )?)harcelez|(?:il|elle) (?:nous |me |les |l')?boycott\w+",
    r"(?:never|don't|do not) support(?:s|ed)? (?:my|the (?:latest|old)|android|ios|bluetooth|usb)",
)
POPCORN = (
    r"🍿",
    r"pop-? ?corns?",
    (
        r"(?:je |j')?(?:m'installe|m'assois|reste|viens|venu|venue|suis la|passe) (?:juste |la |"
        r"ici )?pour (?:lire )?(?:les )?(?:commentaires|reponses|le spectacle|la suite|voir (?:ca|le))"
    ),
    r"(?:commentaires|reponses|rt|citations) (?:sont |c'est )?(?:en or|de l'or|un regal)",
    r"sort(?:ez|ons|s) (?:les |le |la )(?:chaises?|chips|transats?)",
    r"(?:au )?premier rang (?:pour|du spectacle|ce soir)|premieres? loges?",
    r"mieux qu'une serie|meilleur qu'(?:une serie|un film)|je me regale|ca va (?:etre )?(?:saigner|chauffer)",
    r"episode \d|quel feuilleton|la suite du feuilleton|(?:mets|pose) un marque-page|drama (?:du soir|tonight)",
    r"hate de (?:lire|voir) (?:les reponses|la reponse|la suite)",
    r"here for the (?:comments|replies|drama|show)|came for the (?:comments|replies)",
    r"(?:comments|replies) (?:are|is) (?:gold|golden|hilarious|wild)|pull(?:ing)? up a chair",
    r"grab(?:bing)? (?:a |my )?(?:seat|chair|snacks)",
    r"sipping (?:my )?tea|front[- ]row seats?|better than (?:netflix|tv|any (?:series|show|movie)|a movie)",
    r"get(?:s|ting)? (?:good|spicy|juicy) (?:in )?here|this thread is (?:gold|wild|a ride)",
    r"waiting for the (?:reply|response)|(?:the )?next episode|bookmarking this|drama on the (?:timeline|tl)",
    r"pass the popcorn",
)
POPCORN_TRAPS = (
    (
        r"(?:machine|appareil|seau|paquet|gout|saveur|parfum|grain|sachet|cornet|vente|pot|mais)s? (?:a |de |au |du |"
        r"pour )?(?:\w+ )?pop-? ?corns?"
    ),
    (
        r"pop-? ?corns? (?:caramel\w*|sale|sucre|au (?:beurre|cine\w*|micro|caramel)|du (?:cine\w*)|a \d|trop cher|"
        r"hors de prix|micro-?ondes?|rassis|froid|offert|flavou?rs?|machines?|buckets?|makers?|ceiling|shrimps?|"
        r"chicken|was|were|costs?|is (?:stale|cold|overpriced))"
    ),
    (
        r"(?:buy|bought|sell|eat|ate|stale|cold|free|salted|sweet|overpriced|acheter|achete|mange|manger|manges|vendre"
        r"|vendez|vend|prix du|le prix des) (?:du |de |des |le |of |some |your |the )?(?:\w+ )?pop-? ?corns?"
    ),
    r"episode \d+ (?:de la saison|est dispo\w*|en ligne|demain|on|of season|of our podcast)",
    r"saison \d+,? episode \d+|podcast .{0,20}episode \d+",
)
PRESS = (
    (
        r"@(?:afp\w*|bfm\w*|lemonde\w*|le_?figaro\w*|liberation\w*|libe|mediapart|france_?(?:info|inter|2|3|5|24|tv|"
        r"bleu|culture)\w*|tf1\w*|lci|cnews|m6\w*|le_?parisien\w*|20minutes\w*|huffpost\w*|brut\w*|konbini\w*|lesechos"
        r"|lobs|lexpress|lepoint|mariannelemag|quotidien\w*|rtl\w*|europe1|rmc\w*|ouest_?france\w*|sudouest\w*|"
        r"ladepeche\w*|le_?progres\w*|lavoixdunord|telerama|numerama|arretsurimages|capital|bfmbusiness|cash\w*|"
        r"envoye_?special|complementdenquete)\b"
    ),
    (
        r"@(?:bbc\w*|guardian\w*|nytimes|washingtonpost|cnn\w*|reuters\w*|ap|skynews\w*|itv\w*|channel4news|"
        r"daily_?mail\w*|mailonline|thetimes|thesun|theeconomist|ft|business|bloomberg\w*|wsj\w*|foxnews|nbc\w*|abc\w*"
        r"|cbs\w*|msnbc|politico\w*|buzzfeed\w*|vice\w*|techcrunch|verge|wired|usatoday|independent|telegraph|cnbc\w*)"
        r"\b"
    ),
    r"journalistes?|journalists?|reporters?|la redaction|redactions",
    (
        r"(?:alert\w+|appel\w+|contact\w+|prevenir|preven\w+|saisi\w*|previen\w+) (?:\w+ )?(?:presse|medias|journaux|"
        r"tele|radio)"
    ),
    (
        r"(?:tell|call|calling|alert|contact\w*|going to|go to|tip off) (?:the )?(?:press|media|news|newspapers?|"
        r"papers)"
    ),
)
PRESS_TRAPS = (r"ecole de journalis\w+|journaliste de formation",)
AUTHORITY = (
    (
        r"@(?:dgccrf|cnil|arpp\w*|signalconso|arcep|arcom\w*|amf_actu|acpr\w*|economie_gouv|gouvernement\w*|prefpolice"
        r"|policenationale|gendarmerie|interieur_gouv|defenseurdroits|anses_fr|ansm|autoriteconcurrence|ministere\w*|"
        r"elysee|ftc|fcc|fda_?\w*|usdot|cpsc|asa_uk|iconews|ofcom|tradingstandards|caa|cma\w*|govuk|fca\w*)\b"
    ),
    (
        r"(?:saisi\w*|signal\w+|ecri\w+|alert\w+|previen\w+|prevenir|plainte) (?:\w+ ){0,3}(?:dgccrf|cnil|arpp|"
        r"repression des fraudes|signal ?conso|prefet|prefecture|ministre|ministere|inspection du travail|mediateur|"
        r"autorites?|depute\w*|maire|mairie)"
    ),
    (
        r"report(?:ed|ing)? (?:\w+ ){0,3}to (?:the )?(?:authorit\w+|regulator\w*|ftc|fcc|fda|ombudsman|"
        r"trading standards|council|minister|ministry|police|data protection\w*|ico)"
    ),
)
NEWS_OPENINGS = (
    r"^\W*(?:alerte? ?info|info|urgent|flash|exclusif|exclusive|breaking(?: news)?|direct|en direct|live|"
    r"communique|press release|enquete|revue de presse)\s*[:|»\]\-–—]"
)

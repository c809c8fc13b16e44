"""The words of a public blow and of what looks like one, French and English, on folded text (see `folding`).

An expression begins at a word and its first two characters are plain, so that a text is looked up word by word instead
of being searched by every expression; `\\w*` lets endings and typing go. Weights are declared, not learnt: they add up
with what the model says, and every word that counted is quoted among the reasons.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Expressions of one kind, and what the first of them adds to the score (log-odds). `name`: in `labels`."""

    name: str
    weight: float
    expressions: tuple[str, ...]


INSULT = Family(
    "insult",
    3.0,
    (
        r"connards?|connasses?|enfoires?|encule\w*|enculade|enculer|salauds?|salopes?|salopards?|ordures?",
        r"pourritures?",
        r"clowns?|guignols?|charlots?|bouffons?|tocards?|rigolos?|branquignol\w*|branleurs?|branques?|abruti\w*",
        r"debiles?|cretins?|idiots?|imbeciles?|moutons?|gogols?|mongols?|nazes?|blaireaux?|boulets?|glands?|rats",
        r"feignants?|faineants?|fumiers?|raclures?|parasites?|vautours?|rapaces?|charognards?|requins?|truands?",
        r"bandits?|voyous?|crapules?|mafia\w*|mafieux|charlatans?|tartuff\w+|hypocrites?|hypocrisie|laches",
        r"bras casses|pieds nickeles|gros (?:naze|nul|con|rat|merdeux|chien)s?",
        r"sales? (?:boite|menteur|con|chien|rat)s?",
        r"bande de? (?!passante|annonce)\w+|bandes? d'\w+",
        r"tas de (?:con|merde|naze|fei|fain|nul|incap|voleur|escroc)\w*",
        r"niquez?|nique (?:vos|ta|votre|leur|sa)|ntm|fdp|pute|putes|batards?|chiens de la casse|va te faire",
        r"allez vous f",
        r"allez (?:vous|tous|bien|toutes) \w*\s?(?:vous )?(?:faire|fair|foutre)|insulter (?:vos|ta|votre) mere",
        r"vous (?:etes) (?:vraiment |tous |trop |juste |bien |que )?(?:des |de |nuls?|cons?|debiles?|fous|malades)",
        r"vous (?:etez) (?:vraiment |tous |trop |juste |bien |que )?(?:des |de |nuls?|cons?|debiles?|fous|malades)",
        r"assholes?|bastards?|idiots?|morons?|scum\w*|pricks?|twats?|parasites|crooks?|clueless",
        r"fuck(?: you| off|ers?)",
        r"screw you|piss off|go to hell|bunch of|pack of (?:liars|thieves|idiots)|dumbasses|jerks?|losers?|rats\b",
    ),
)
SHAME = Family(
    "shame",
    2.0,
    (
        r"honte\b|hontes|honteu\w+|scandal\w+|indigne\w*|inadmissible\w*|inacceptable\w*|intolerable\w*",
        r"degueulass?e?",
        r"degueu\b|dégueu|ecoeur\w+|revolt\w+|abject\w*|ignoble\w*|odieu\w+|inhumain\w*|immonde\w*|infam\w+",
        r"repugn\w+",
        r"inqualifiable\w*|innommable\w*|outrageu\w+|aberrant\w*|ahurissant\w*|lunaire\w*|hallucinant\w*",
        r"shame\w*|ashamed|disgrace\w*|disgust\w*|unacceptable|outrageous|appalling|despicable|scandal\w*|shocking",
        r"degoutant\w*|vergogne|irrespect\w*|irresponsable\w*|deplorable\w*|deplorab\w*",
    ),
)
THEFT = Family(
    "theft",
    2.5,
    (
        r"voleurs?|voleuses?|voler? (?:les|des|leurs?|vos|nos|ses|mes|son) |c'est du vol",
        r"vol (?:pur|organise|manifeste)",
        r"vous (?:me |nous )?vol(?:ez|er)|me voler|nous voler|on (?:me|nous) vole|escroc\w*|escroqu\w*",
        r"arnaqu\w*|racket\w*",
        r"entourloup\w*|carotte (?:de|des)|pigeons?\b|pigeonn\w*|plumer|entube\w*|enfl(?:er|e)\b",
        r"douill(?:e|er|ez|ent)\b",
        r"malhonnet\w+|tromperie\w*|trompeu\w+|fraud(?:eurs?|uleux)|mensong\w+|menteu\w+",
        r"ment(?:ez|ent|eurs?|ir)\b|menti\b",
        r"publicite mensongere|pub mensongere|baratin\w*|bidons?\b|truqu\w+|magouill\w*|manip\w*|vereu\w+",
        r"bernes?\b|berner",
        r"surfactur\w+|facturation abusive|abusi(?:f|ve)s?|abus de|sans (?:mon|notre|le) (?:accord|consentement)",
        r"vache a lait|vaches a lait|prendre (?:l'argent|notre argent|le fric)|en douce|vente forcee",
        r"douteu(?:x|se)s?",
        r"thie(?:f|ves)|theft|steal\w*|stole\w*|scam\w*|rip[- ]?off|ripped|robb\w+|robbers?|fraud\w*|liars?",
        r"lying|lies\b",
        r"lied\b|crooked|con artists?|deceiv\w+|deceptive|dishonest\w*|swindl\w*|sneaky",
    ),
)
CONTEMPT = Family(
    "contempt",
    2.2,
    (
        r"fout(?:age|ez) (?:un peu |pas un peu |bien )?(?:de|du|la) (?:la |notre |ma |leur )?",
        r"fout(?:age|ez) (?:clairement |pas mal |vraiment )?(?:de|du|la) (?:la |notre |ma |leur )?",
        r"fout(?:ent|re) (?:un peu |pas un peu |bien )?(?:de|du|la) (?:la |notre |ma |leur )?",
        r"fout(?:ent|re) (?:clairement |pas mal |vraiment )?(?:de|du|la) (?:la |notre |ma |leur )?",
        r"se (?:fout|fou|foutent) (?:de|du|completement|clairement|pas mal|un peu|royalement|bien)\b",
        r"se (?:moque|moquent|foutre) (?:de|du|completement|clairement|pas mal|un peu|royalement|bien)\b",
        r"vous (?:vous )?(?:moquez|foutez|fichez)|moque (?:du monde|des clients|de nous)",
        r"on s'en (?:moque|fout|fiche)\b",
        r"gueule du monde|gueule de (?:vos|leurs?|ses|nous)|foutage|foutisme",
        r"prend\w* (?:\w+ ){0,3}pour (?:des|un|une) \w+",
        r"prenez (?:\w+ ){0,3}pour (?:des|un) \w+|mepris\w*|meprisant\w*|arrogan\w+|condescend\w+|dedain\w*",
        r"desinvolt\w+",
        r"aucun(?:e)? (?:respect|consideration|honte|remise|ethique|professionnalisme|empathie|scrupule)\w*",
        r"aucuns? scrupules",
        r"zero (?:respect|consideration|com\w*|pointe|empathie|professionnalisme)",
        r"manque de (?:respect|professionnalisme)",
        r"manque (?:total|cruel|flagrant) de \w+|respect(?:ez)? (?:pas|plus|jamais) (?:vos|leurs?|les)",
        r"respectez pas",
        r"rien a (?:foutre|faire|cirer|battre) (?:de|des|du)|balad(?:er|ent|ez) (?:les|des|leurs?|vos|nous)",
        r"men(?:er|e)z? en bateau",
        r"traite\w* comme (?:des?|du|ca|une?)|comme (?:du betail|des chiens|des merdes|des moins que rien)",
        r"harcel\w+",
        r"raccroch\w+ au (?:nez|nz)|raccroche au",
        r"profiteurs?|profit(?:er|ez|ent) (?:de |des |du |de la )(?:misere|gens|client|crise|vieux)s?",
        r"crach\w+ (?:sur|au|a)|degage\w*",
        r"tant qu(?:e|'on|'il) \w+ (?:etes |est |sont |paie|paye|payez)\w*|pognon|fric\b|se gav\w+",
        r"gav(?:e|ent|ez)\b|actionnaires?",
        r"engraiss\w+|cupid\w+|avid\w+ |treat(?:ed|s|ing)? (?:\w+ )?like|don't care|doesn't care",
        r"give a (?:damn|shit|f\w+)",
        r"no respect|zero respect|greed\w*|contempt|insult(?:ing|ed)?\b|laughing stock|couldn't care",
    ),
)
FAILURE = Family(
    "failure",
    1.8,
    (
        r"incompeten\w+|incapables?|inutiles?\b|amateuris\w+|amateurs\b|pas (?:serieu\w+|professionnel\w*)",
        r"pas foutus?\b",
        r"minable\w*|lamentable\w*|pitoyable\w*|pathetique\w*|mediocr\w+|nullite|nullissime\w*|navrant\w*",
        r"consternant\w*",
        r"affligeant\w*|ridicul\w+|risee\b|catastroph(?:e|ique)s? (?:ambul\w+|total\w+|de |ce |cette )?",
        r"desastr\w+|calamit\w+",
        r"pire (?:service|operateur|fournisseur|compagnie|banque|sav|boite)\w*",
        r"pire (?:marque|enseigne|experience|svc|fai|assur|client)\w*",
        r"pires? (?:des|du|de la|de ma|que)|le pire\b|la pire\b|les pires\b|de pire en pire|de pite en pire",
        r"de mal en pis",
        r"service (?:client |clients |apres vente )?(?:de merde|pourri|nul|lamentable|inexistant|deplorable|zero|0)\w*",
        r"service client\w* (?:est |c'est )?(?:nul|0|zero|inexistant|a chier|a revoir|de m|catastroph|degueu|eclat)\w*",
        r"aux abonnes absents|n'en est (?:plus|pas) un\w*",
        r"toujours aussi (?:nul|mauvais|cata|incomp|naze|lent)\w*|eclates?\b",
        r"n'importe quoi|n'importe comment|nimporte quoi|gere\w* (?:comme|avec|n'imp)\w* ?(?:des|les)? ?pieds?",
        r"a l'ouest\b",
        r"a la ramasse|a cote de la plaque|en carton\b|du cirque|cirque\b|votre cinema|bafou\w*|arrieres?\b",
        r"merdouill\w*",
        r"jamais vu (?:ca|un\w*|aussi|autant|de)|jamais (?:ete )?aussi (?:mal|nul|mauvais)|pas etonnant",
        r"ca m'etonne pas",
        r"plus jamais|never again|regrette? (?:d'|de |mon|ma|vraiment)|regrette\b|fuyez\b|fuir\b|a fuir",
        r"a eviter\b|evitez\b",
        r"deconseill\w+|recommande (?:pas|a personne)",
        r"ne (?:signez|prenez|allez|faites|perdez|venez|souscri\w+) (?:pas|jamais|surtout)",
        r"faites (?:tres )?attention|mefiez|mefiance|j'invite tout le monde|publicite gratuite|boycot\w*",
        r"faillite|coulez?\b|couler\b",
        r"vie un enfer|vivre un enfer|quel enfer|l'enfer\b|cauchemar\w*|shadoks?|shadocks?|beta[- ]testeurs?",
        r"kafka\w*|moyen[- ]age",
        r"deteste\b|vous hais|les hais|la haine\b|souhaite (?:des|la|le|que vous)|vergogne|racist\w+|racisme",
        r"discrimin\w+|sexist\w+",
        r"pathetic\w*|incompeten\w*|useless|worst\b|terrible (?:service|company|airline|staff)",
        r"horrible (?:service|company|airline)",
        r"joke\b|laughable|clown\w*|trash\b|garbage|crap\b|awful|avoid\b|boycott\w*|rude\b",
        r"hate (?:this|you|these|your|them)",
        r"ruined|ruining|worthless|hypocri\w+|nightmare|zero stars?",
        r"never (?:flying|using|buying|fly|use|buy|shop)\w* ",
    ),
)
VULGAR = Family(
    "vulgar",
    1.6,
    (
        r"merd\w*|putain\w*|put1\b|ptn\b|bordel\w*|chi(?:er|ez|ent|e|ant|ante|é)\b|fait chier|couilles?|cul\b",
        r"emmerd\w+|foutre\b",
        r"fuck\w*|shit\w*|bullshit|wtf\b|ass\b|damn\b|puent?\b|pue\b|pourri\w*|daub\w*|gueule\b|mdrr+",
        r"gonfl(?:ez|ent)\b|saoul\w+",
        r"casse\w* les|brise\w* les|cassez? l\w+ c\w+|vos meres?|connerie\w*|cons\b|con\b|conne\b|nique\w*",
        r"rien a branler|moisis?\b",
    ),
)
SARCASM = Family(
    "sarcasm",
    1.2,
    (
        r"bravo\b|chapeau\b|felicitations?|congrat\w*|merci (?:pour )?rien|pas merci",
        r"merci (?:pour (?:le|la|les|ces?|cette|tant)|de m'avoir)",
        r"bonne blague",
        r"belle (?:blague|mentalite|methode|preuve|arnaque|boite|facade|bande|image|demonstration|marque)",
        r"c'est beau\b",
        r"quelle (?:classe|reussite|efficacite|belle|qualite|blague|bande|arnaque)",
        r"quel (?:plaisir|bonheur|professionnalisme|service|talent)",
        r"toujours un plaisir|c'est une blague|cette blague|une blague\b|on se (?:moque|fout)|on rigole",
        r"champions?\b|genies?\b|applaud\w+",
        r"soi[- ]disant|pseudo|elue? (?:meilleur|service)|meilleur service client|digne de",
        r"au moins (?:on|eux|ils|la|vous)\b",
        r"comme par (?:magie|hasard)|bizarrement|comme d'hab\w*|c'est normal\b|normal de\b|est[- ]ce normal",
        r"vous trouvez (?:ca|cela)",
        r"pour (?:surfacturer|encaisser|prelever|augmenter|prendre|payer) (?:il y a|y a|ca|ils|vous|la|les|on)",
        r"continuez\b|open bar",
        r"super (?:service|le|la|les|votre|boulot|equipe|travail|gestion|com\w*)\b|genial\b|sympa\b|parfait\b",
        r"tranquille\b|trop fort\b",
        r"on aime\b|j'adore (?:payer|attendre|votre|quand|ces|cette)|adore (?:payer|attendre)",
        r"thanks for nothing|great job|nice work|well done",
        r"c'est marrant|c'est drole|marrant\b|vous (?:servez|sert)|a quoi (?:vous|sert|bon)|apprenez\b",
        r"votre (?:boulot|travail|metier)\b",
        r"au lieu de\b|arretez de\b|arrete de\b|merci d'arreter|on est ou la|sans deconner|serieux la",
        r"ca va pas la tete|pas trop gene\w*",
        r"faudra m'expliquer|vous m'expliquez|on parle de|parlons[- ]en|on en parle|il parait que",
        r"qu'ils disent|non parce que|hahah?\w*",
    ),
)
ASKING = Family(
    "asking",
    -0.9,
    (
        r"svp|stp|s'il (?:vous|te) plait|s'il vous plai\w*|pouvez[- ]vous|pourriez[- ]vous|pourrais[- ]je",
        r"puis[- ]je|peut[- ]on|pourrait[- ]on",
        r"est[- ]il possible|est[- ]ce possible|c'est possible|possible (?:de|d')|besoin d'aide",
        r"besoin d'inf\w*|aidez[- ]moi|aidez moi",
        r"m'aider|nous aider|a l'aide",
        r"merci (?:de (?:me|nous|faire|vous|votre|bien|ta|prendre|vouloir)|d'avance|par avance|pour votre)",
        r"j'aimerai\w*|je (?:souhaite\w*|voudrai\w*|cherche)",
        r"comment (?:faire|puis|peut|on|savoir|je|avoir|vous)|quel (?:est|numero)",
        r"avez[- ]vous|auriez[- ]vous|savez[- ]vous|est[- ]ce que|quelqu'un (?:sait|a|peut|connait)|une idee",
        r"des nouvelles|par mp|mp svp|dm\b",
        r"quand est|a quelle heure|bonne journee|cordialement|bonjour\b|bonsoir\b|bjr\b|coucou|salut\b",
        r"question\b|renseignement\w*",
        r"please|could you|can you|how (?:do|can|to)|thank you|thanks (?:for|so)|help\b|when will|is there",
    ),
)
AFFAIRS = Family(
    "affairs",
    -2.5,
    (
        r"nous (?:sommes (?:desoles|navres|mobilis\w+)|revenons|restons|prenons)",
        r"nous vous (?:invitons|remercions|presentons|proposons)",
        r"n'hesit\w+|nos equipes|nos (?:techniciens|conseillers) (?:sont|restent)|en message prive",
        r"votre (?:numero de client|reference client)",
        r"afin de (?:verifier|vous|pouvoir)|je vous invite|je prends (?:connaissance|note)|belle journee",
        r"excellente journee|a votre disposition",
        r"beneficiez (?:de|d')|nous avons (?:installe|deploye|mis|ouvert|le plaisir)|dossier de presse|press release",
        r"decouvr\w+|profitez (?:de|d')|retrouv\w+ (?:nous|ce|les|des|la|le|toute)|a gagner|jeu[- ]?concours",
        r"tentez (?:de|votre)|participez|rendez-vous (?:sur|a|ce)",
        # "RT si…", "RT svp", "RT max" ask the crowd to pass it on: that is no business talk.
        r"rt\b(?![ !:,]{0,3}(?:si|svp|stp|s'il|max\w*|massi\w*|un max|a fond|en masse|please|pls|plz|if)\b)",
        r"follow\b|en direct (?:sur|a|de)|live\b|disponible (?:sur|des|en|a)",
        r"lance (?:un|une|sa|son|le|la)|annonce (?:un|une|le|la|des)",
        r"communique\b|selon\b|redemarr(?:ez|e)|debranch(?:ez|e) (?:la|le|puis)|essa(?:ie|ye|yez) (?:de|d')",
        r"hameconnage|phishing|faux (?:mail|sms|site)",
        r"felicitations (?:a|au|aux)|bravo (?:a|au|aux)",
        r"merci (?:a|au|aux) (?:l'|la|le|les|tous|toute|\w+ pour)|we are sorry|sorry (?:to|for)|our team",
    ),
)
FAMILIES = (INSULT, SHAME, THEFT, CONTEMPT, FAILURE, VULGAR, SARCASM, ASKING, AFFAIRS)
HOSTILE = frozenset({"insult", "shame", "theft", "contempt", "failure", "vulgar"})
SIGNS = {
    "🤡": 2.5,
    "🖕": 3.0,
    "🤮": 2.0,
    "💩": 2.0,
    "🤬": 1.8,
    "😡": 1.2,
    "😤": 1.0,
    "🙃": 1.2,
    "👏": 0.6,
    "👎": 1.2,
    "🍿": 0.3,
}

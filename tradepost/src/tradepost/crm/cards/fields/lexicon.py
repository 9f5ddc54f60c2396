"""Words that tell what a line of a card is: our own short lists of general words, compared in lower case.

They name trades, ranks, legal forms and kinds of street as any card may carry them; given names are only the most
common ones of each language. None was taken from the generator that `make score` draws its cards with.
"""

import re
from typing import Final


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


TITLES: Final = _words(
    # English
    r"ceo|cto|cfo|coo|cmo|cio|chief|president|vice|vp|director|manager|manageress|head|lead|leader|officer|executive|"
    r"founder|co-?founder|owner|partner|principal|associate|assistant|secretary|engineer|developer|programmer|architect|"
    r"designer|consultant|advis[eo]r|analyst|scientist|specialist|expert|technician|accountant|auditor|attorney|lawyer|"
    r"solicitor|barrister|counsel|notary|broker|agent|buyer|planner|coordinator|supervisor|administrator|representative|"
    r"professor|lecturer|teacher|tutor|doctor|physician|surgeon|nurse|dentist|therapist|psychologist|pharmacist|"
    r"journalist|editor|writer|author|photographer|artist|musician|producer|trainer|coach|chef|pilot|chairman|chairwoman|"
    r"chair|member|trustee|fellow|researcher|operator|inspector|surveyor|geologist|chemist|biologist|physicist|"
    r"librarian|curator|translator|interpreter|recruiter|strategist|evangelist|controller|treasurer|trader|banker|"
    r"sales|marketing|product|project|business|senior|junior|"
    # German
    r"geschäftsführ\w*|inhaber\w*|leiter\w*|leitung|vertriebs\w*|prokurist\w*|direktor\w*|vorstand\w*|vorsitzende\w*|"
    r"berater\w*|\w+berater\w*|ingenieur\w*|architekt\w*|entwickler\w*|\w+entwickler\w*|rechtsanwalt\w*|rechtsanwält\w*|"
    r"anwalt|anwältin|notar\w*|\w*meister\w*|techniker\w*|\w+techniker\w*|kaufmann|kauffrau|\w+kaufmann|\w+kauffrau|"
    r"assisten\w+|sekretär\w*|referent\w*|\w+referent\w*|sachbearbeiter\w*|arzt|ärztin|\w+arzt|\w+ärztin|außendienst|"
    r"innendienst|makler\w*|gutachter\w*|gesellschafter\w*|mitglied|aufsichtsrat\w*|diplom\w*|dipl|einkäufer\w*|"
    r"verkäufer\w*|fach\w+|\w+mechaniker\w*|\w+händler\w*|\w+techniker\w*|\w+pfleger\w*|\w+therapeut\w*|"
    # French
    r"directeur|directrice|responsable|gérante?|président\w*|fondateur|fondatrice|ingénieur\w*|architecte|avocate?|"
    r"notaire|consultante?|conseill\w+|chargée?|attachée?|assistante?|secrétaire|chef|cheffe|comptable|expert\w*|"
    r"commerciale?|technicien\w*|développeu\w+|développeur|formateur|formatrice|médecin|infirmi\w+|juriste|"
    r"gestionnaire|associée?|adjointe?|délégué\w*|agent\w*|animat\w+|contrôleur\w*|professeure?|chercheu\w+|"
    r"rédact\w+|photographe|graphiste|traduct\w+|vendeu\w+|acheteu\w+|courtier|"
    # Russian
    r"директор\w*|руководител\w+|начальник\w*|менеджер\w*|бухгалтер\w*|инженер\w*|специалист\w*|юрист\w*|адвокат\w*|"
    r"нотариус\w*|врач\w*|заместител\w+|зам|помощник\w*|секретар\w+|председател\w+|основател\w+|президент\w*|"
    r"архитектор\w*|дизайнер\w*|программист\w*|разработчик\w*|аналитик\w*|консультант\w*|эксперт\w*|представител\w+|"
    r"управляющ\w+|владелец|партн[её]р|член|доцент\w*|профессор\w*|кандидат|доктор|ректор\w*|декан\w*|преподавател\w+|"
    r"учител\w+|мастер\w*|техник\w*|технолог\w*|механик\w*|логист\w*|агент\w*|брокер\w*|риелтор\w*|главный|главная|"
    r"ведущий|ведущая|старший|старшая|генеральный|коммерческий|технический|исполнительный|финансовый|и\. ?о"
)
TITLE_ENDINGS: Final = re.compile(
    r"(?:(?<=\w{3})(?:ist|istin|ologe|ologin|eur|euse|rice|ateur|icien|icienne|ogue|logist|ician|grapher|smith|"
    r"keeper|worker|maker|driver|er|or|erin|ант|ент|лог|граф|ист|тель|ник|щик|чик|вед|тор|ёр|арь))$",
    re.IGNORECASE,
)
DEPARTMENTS: Final = _words(
    r"department|dept|division|team|service|services|customer|research|development|engineering|operations|legal|hr|"
    r"human resources|finance|accounting|purchasing|procurement|support|abteilung|\w+abteilung|vertrieb|einkauf|"
    r"verkauf|kundendienst|kundenservice|forschung|entwicklung|buchhaltung|personal|rechts\w+|direction|département|"
    r"service|recherche|développement|achats|ventes|après-vente|juridique|financière|отдел\w*|департамент\w*|"
    r"управлени\w+|служба|служб\w+|сектор|бюро|дирекция|продаж|закупок|снабжения|маркетинга|поддержки"
)
LEGAL_FORMS: Final = re.compile(
    r"(?<!\w)(?:g?mbh|ag|kg|kgaa|ohg|gbr|ug|e\. ?k\.?|e\. ?v\.?|se|co\.?|ltd\.?|limited|llc|llp|inc\.?|incorporated|"
    r"corp\.?|"
    r"corporation|plc|sarl|s\.a\.r\.l\.?|sas|s\.a\.s\.?|s\.a\.?|sa|eurl|sci|snc|bv|b\.v\.|nv|oy|ab|aps|a/s|spa|s\.p\.a\.|"
    r"srl|s\.r\.l\.|ооо|оао|зао|пао|ао|ип|нко|тоо|группа компаний|гк)(?!\w)",
    re.IGNORECASE,
)
FIRM_WORDS: Final = _words(
    r"group|groupe|gruppe|partners?|associates|associés|sons|söhne|filles|fils|brothers|bros|gebrüder|consulting|"
    r"solutions|systems?|systeme|technolog\w+|technik|software|logistics?|logistik|capital|holdings?|studio|studios|"
    r"design|health|foods|engineering|energie|énergies?|immobilien|immobilier|beratung|werkzeugbau|medizintechnik|"
    r"transports?|informatique|industries|création|conseil|international|global|services|media|digital|labs?|works|"
    r"bank|bau|handel|shop|atelier|maison|werkstatt|haus|house|company|agency|agentur|agence|institute?|"
    r"institut|foundation|stiftung|university|universität|université|clinic|klinik|clinique|hotel|restaurant|café|"
    r"центр\w*|групп|группа|сервис\w*|строй\w*|\w+строй|\w*логистик\w*|технологии|трейд\w*|консалтинг\w*|системы|"
    r"партн[её]ры|сыновья|компания|фирма|завод|банк|дом|и ко|фонд|институт|университет|клиника|салон|студия|"
    r"und partner|& co|and sons|et fils"
)
STREETS: Final = _words(
    r"street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|square|sq|place|pl|way|highway|hwy|park|"
    r"parkway|terrace|crescent|close|gardens?|grove|hill|suite|ste|apt|unit|floor|po box|box|building|"
    r"straße|strasse|str\.?|\w+(?:straße|strasse|str\.?|weg|gasse|platz|allee|ring|ufer|damm|gässchen|markt|steig|berg|tor)|"
    r"weg|gasse|platz|allee|ring|ufer|damm|postfach|"
    r"rue|chemin|impasse|quai|cours|allée|place|route|passage|square|cedex|bp|bis|bâtiment|bat|étage|"
    r"ул\.?|улица|пр-т|пр\.?|проспект|просп\.?|пер\.?|переулок|наб\.?|набережная|ш\.?|шоссе|бул\.?|бульвар|пл\.?|"
    r"площадь|аллея|д\.?|дом|оф\.?|офис|стр\.?|строение|корп\.?|корпус|кв\.?|г\.?|город|обл\.?|область|а/я"
)
COUNTRIES: Final = {
    "usa": "US", "u.s.a.": "US", "united states": "US", "united kingdom": "GB", "uk": "GB", "england": "GB",
    "great britain": "GB", "scotland": "GB", "deutschland": "DE", "germany": "DE", "allemagne": "DE",
    "österreich": "AT", "austria": "AT", "schweiz": "CH", "switzerland": "CH", "suisse": "CH", "france": "FR",
    "frankreich": "FR",
    "россия": "RU", "russia": "RU", "рф": "RU", "российская федерация": "RU", "belgique": "BE", "belgium": "BE",
    "nederland": "NL", "netherlands": "NL", "italia": "IT", "italy": "IT", "españa": "ES", "spain": "ES",
    "polska": "PL", "poland": "PL", "беларусь": "BY", "казахстан": "KZ", "україна": "UA", "украина": "UA",
    "canada": "CA", "australia": "AU", "luxembourg": "LU", "ireland": "IE",
}  # fmt: skip
HONORIFICS: Final = re.compile(
    r"^(?:(?:prof|professor|dr|dres|dipl\.?-?\s?(?:ing|kfm|inf)|mag|ing|me|maître|mr|mrs|ms|mme|m|herr|frau|sir|dame|rev|"
    r"med|jur|phil|h\.?c)(?:\.\s*|\s+))+(?=\w)",
    re.IGNORECASE,
)
# A legal form whose second half is long enough to stand on a line of its own.
HALF_FORM: Final = re.compile(r"(?<!\w)UG$")
OTHER_HALF: Final = re.compile(r"\(haftungsbeschr.nkt\)(?:\s*&\s*Co\.?\s*KG)?", re.IGNORECASE)
SLOGANS: Final = _words(
    r"your|you|we|our|since|building|better|simply|always|never|today|tomorrow|trust|ideas|quality|"
    r"ihr|ihre|wir|uns|unser|seit|qualität|immer|nie|einfach|zukunft|gut|"
    r"votre|vous|nous|notre|depuis|toujours|confiance|service|innovation|solutions|"
    r"ваш\w*|мы|наш\w*|для вас|с \d{4}|года|решения|будущее|надёжность|качество|работаем|создаём"
)
SMALL_WORDS: Final = _words(
    r"the|a|an|of|to|in|for|and|that|is|has|der|die|das|des|den|und|für|mit|von|zu|im|ist|schläft|le|la|les|l|un|une|"
    r"de|du|des|et|à|au|aux|qui|c'est|en|и|в|на|по|с|для|о|все|от|из"
)
OTHER_DATA: Final = re.compile(
    r"\b(?:reg(?:istration)?\.?\s*(?:no|nr|number)|ust|ust-?id\w*|vat\b|tva\b|siret|siren|rcs\b|инн|огрн|кпп|hrb|hra|iban|bic|"
    r"steuer-?n\w+|handelsregister|company no|skype|telegram|whatsapp|linkedin|facebook|instagram|twitter|xing)\b|"
    r"(?:^|\s)@[\w.]+|\b(?:t|vk)\.(?:me|com)/",
    re.IGNORECASE,
)
PATRONYMIC: Final = re.compile(r"\w{2,}(?:вич|вна|ична|инична|оглы|кызы)$", re.IGNORECASE)
RUSSIAN_FAMILY: Final = re.compile(
    r"\w{2,}(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|енко|ук|юк|ко|ых|их)$", re.IGNORECASE
)
GIVEN_NAMES: Final = frozenset(
    # The most common in each language by general knowledge.
    [
        "james",
        "john",
        "robert",
        "michael",
        "william",
        "david",
        "richard",
        "joseph",
        "thomas",
        "charles",
        "mary",
        "patricia",
        "jennifer",
        "linda",
        "elizabeth",
        "barbara",
        "susan",
        "jessica",
        "sarah",
        "karen",
        "daniel",
        "matthew",
        "anthony",
        "mark",
        "paul",
        "steven",
        "andrew",
        "kevin",
        "brian",
        "george",
        "emily",
        "emma",
        "olivia",
        "anna",
        "peter",
        "hans",
        "klaus",
        "jürgen",
        "wolfgang",
        "michael",
        "thomas",
        "andreas",
        "stefan",
        "christian",
        "martin",
        "frank",
        "uwe",
        "ralf",
        "jan",
        "lukas",
        "felix",
        "max",
        "maria",
        "ursula",
        "monika",
        "petra",
        "sabine",
        "andrea",
        "claudia",
        "susanne",
        "birgit",
        "julia",
        "katharina",
        "lena",
        "lea",
        "sophie",
        "heike",
        "jean",
        "pierre",
        "michel",
        "andré",
        "philippe",
        "rené",
        "louis",
        "alain",
        "jacques",
        "bernard",
        "marcel",
        "nicolas",
        "laurent",
        "olivier",
        "julien",
        "antoine",
        "marie",
        "jeanne",
        "françoise",
        "monique",
        "catherine",
        "nathalie",
        "isabelle",
        "sylvie",
        "anne",
        "camille",
        "léa",
        "manon",
        "chloé",
        "claire",
        "hélène",
        "александр",
        "сергей",
        "владимир",
        "андрей",
        "алексей",
        "дмитрий",
        "николай",
        "иван",
        "михаил",
        "евгений",
        "павел",
        "олег",
        "игорь",
        "юрий",
        "виктор",
        "анна",
        "мария",
        "елена",
        "ольга",
        "наталья",
        "татьяна",
        "ирина",
        "светлана",
        "екатерина",
        "людмила",
        "юлия",
        "галина",
        "надежда",
        "вера",
        "дарья",
    ]
)

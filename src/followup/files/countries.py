"""Countries: from whatever a table calls them to their ISO 3166 code, which is what holidays go by.

Names come from the registry of the `holidays` library; added are the names that address books, web forms and other
languages use. Where a name may mean two countries ("Korea", "Netherlands Antilles") no code is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

# ISO 3166-1 alpha-2, and XK for Kosovo: known without loading the library, so that settings stay cheap to
# read.
_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
    ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
    HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
    LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
    NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
    SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
    UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
ISO_CODES = frozenset(_CODES.split())

_OTHER_NAMES = {
    "AE": "vereinigte arabische emirate, emirats arabes unis, emiratos arabes unidos, uae, emirates",
    "AL": "shqiperia",
    "AM": "armenien, armenie",
    "AR": "argentine, argentinien",
    "AT": "osterreich, autriche",
    "AU": "aus, australien, australie",
    "AZ": "aserbaidschan, azerbaidjan, azerbaiyan",
    "BA": "bosnia, bosnia herzegovina, bosnien und herzegowina",
    "BD": "bangladesch",
    "BE": "belgie, belgique, belgien, belgica",
    "BG": "bulgarien, bulgarie",
    "BN": "brunei darussalam",
    "BO": "bolivien, bolivie, bolivia plurinational state of, plurinational state of bolivia",
    "BQ": "caribbean netherlands, bonaire",
    "BR": "brasil, brasilien, bresil",
    "BV": "bouvetoya",
    "BY": "weissrussland, bielorussie, bielorrusia",
    "CA": "kanada",
    "CC": "cocos keeling islands, keeling islands",
    "CD": "democratic republic of congo, congo democratic republic, congo democratic republic of, "
    "congo kinshasa, congo drc, drc",
    "CG": "republic of congo, congo brazzaville, congo republic",
    "CH": "schweiz, suisse, svizzera, svizra, suiza, swiss",
    "CI": "cote d ivoire, cote divoire",
    "CL": "chili",
    "CM": "kamerun, cameroun, camerun",
    "CN": "chine, peoples republic of china, people s republic of china, pr china, prc, mainland china, 中国, 中國",
    "CO": "colombie, kolumbien",
    "CU": "kuba",
    "CV": "cape verde",
    "CY": "zypern, chypre, chipre",
    "CZ": "czech republic, ceska republika, cesko, tschechien, tschechische republik, republique tcheque, chequia",
    "DE": "deutschland, bundesrepublik deutschland, allemagne, alemania, duitsland, germania, brd, niemcy",
    "DK": "danmark, danemark, dinamarca",
    "DO": "dominikanische republik, republique dominicaine, republica dominicana",
    "DZ": "algerie, algerien",
    "EC": "equateur",
    "EE": "eesti, estland, estonie",
    "EG": "agypten, egypte, egipto",
    "ES": "espana, spanien, espagne, spanje, spagna",
    "ET": "athiopien, ethiopie, etiopia",
    "FI": "suomi, finnland, finlande, finlandia",
    "FK": "falkland islands malvinas, malvinas, islas malvinas",
    "FM": "federated states of micronesia, micronesia federated states of",
    "FO": "faeroe islands",
    "FR": "frankreich, francia, frankrijk, republique francaise",
    "GB": "u k, uk, gb, gbr, great britain, britain, england, scotland, wales, northern ireland, "
    "united kingdom of great "
    "britain and northern ireland, vereinigtes konigreich, grossbritannien, royaume uni, grande "
    "bretagne, reino unido, "
    "verenigd koninkrijk, regno unito",
    "GR": "hellas, ellada, griechenland, grece, grecia, hellenic republic, ελλαδα",
    "GS": "south georgia",
    "HK": "hong kong, hong kong sar, hong kong sar china, 香港",
    "HR": "hrvatska, kroatien, croatie, croacia",
    "HU": "magyarorszag, ungarn, hongrie, hungria",
    "ID": "indonesien, indonesie",
    "IE": "eire, republic of ireland, irland, irlande, irlanda",
    "IN": "indien, inde, bharat",
    "IR": "islamic republic of iran, iran islamic republic of",
    "IS": "island",
    "IT": "italia, italien, italie",
    "JO": "jordanien, jordanie, jordania",
    "JP": "日本, japon, nippon",
    "KE": "kenia",
    "KG": "kyrgyz republic, kirgizstan",
    "KP": "democratic peoples republic of korea, democratic people s republic of korea, korea north, dprk",
    "KR": "republic of korea, korea republic of, korea south, sudkorea, coree du sud, corea del sur, 대한민국, 한국",
    "KZ": "kasachstan, kazajistan",
    "LA": "lao peoples democratic republic, lao people s democratic republic, lao pdr",
    "LB": "libanon, liban, libano",
    "LI": "furstentum liechtenstein",
    "LT": "lietuva, litauen, lituanie, lituania",
    "LU": "luxemburg, letzebuerg, luxemburgo",
    "LV": "latvija, lettland, lettonie, letonia",
    "LY": "libyan arab jamahiriya, state of libya",
    "MA": "maroc, marruecos, marokko",
    "MD": "moldau, moldavie, moldavia, republic of moldova, moldova republic of",
    "MF": "saint martin french part",
    "MG": "madagaskar",
    "MK": "macedonia, republic of north macedonia, the former yugoslav republic of macedonia",
    "MM": "burma",
    "MO": "macao, macao sar, 澳門",
    "MX": "mexiko, mexique, mejico",
    "MY": "malaisie, malasia",
    "NL": "holland, nederland, niederlande, pays bas, paises bajos, paesi bassi",
    "NO": "norge, noreg, norwegen, norvege, noruega, noorwegen",
    "NZ": "aotearoa, neuseeland, nouvelle zelande, nueva zelanda",
    "PE": "perou",
    "PH": "filipinas, pilipinas, philippinen",
    "PL": "polska, polen, pologne, polonia",
    "PN": "pitcairn",
    "PS": "palestinian territory, palestinian territories, palestinian territory occupied, state of palestine",
    "PT": "portugal",
    "QA": "katar",
    "RE": "la reunion",
    "RO": "rumanien, roumanie, rumania",
    "RS": "srbija, serbien, serbie",
    "RU": "russian federation, rossiya, russland, russie, rusia, rossija, россия",
    "SA": "saudi arabien, arabie saoudite, arabia saudita",
    "SE": "sverige, schweden, suede, suecia, zweden",
    "SG": "singapour, singapur",
    "SH": "saint helena",
    "SI": "slovenija, slowenien, slovenie, eslovenia",
    "SJ": "svalbard and jan mayen islands, svalbard, jan mayen",
    "SK": "slovak republic, slovensko, slowakei, slovaquie, eslovaquia",
    "ST": "sao tome",
    "SX": "saint maarten, st maarten, saint martin dutch part",
    "SY": "syria",
    "SZ": "swaziland",
    "TH": "thailande, tailandia",
    "TL": "east timor",
    "TN": "tunisie, tunesien, tunez",
    "TR": "turkiye, turkei, turquie, turquia, republic of turkiye",
    "TW": "taiwan province of china, taiwan roc, republic of china, 台灣, 台湾",
    "TZ": "united republic of tanzania, tanzania united republic of",
    "UA": "ukrayina, україна",
    "US": "usa, us, u s, u s a, united states of america, america, vereinigte staaten, "
    "vereinigte staaten von amerika, "
    "etats unis, etats unis d amerique, estados unidos, estados unidos de america, eeuu, ee uu, "
    "verenigde staten, "
    "stati uniti",
    "VA": "holy see, holy see vatican city state, vatican, vatican city state",
    "VC": "saint vincent",
    "VE": "bolivarian republic of venezuela, venezuela bolivarian republic of",
    "VG": "virgin islands british",
    "VI": "us virgin islands, virgin islands us, virgin islands u s, u s virgin islands",
    "VN": "viet nam, socialist republic of vietnam",
    "ZA": "rsa, sudafrika, afrique du sud, sudafrica",
}

# "Congo (Democratic Republic)" and "Ireland (North)": here the brackets make another country of it.
_SEVERAL_OF_A_NAME = frozenset(
    [
        *("china", "congo", "cyprus", "georgia", "guiana", "guinea", "ireland", "korea"),
        *("saint martin", "samoa", "sudan", "virgin islands"),
    ]
)


@lru_cache(maxsize=8192)
def country_code(text: str) -> str:
    "Give the ISO 3166 code (two capitals) of a country's name, code or usual abbreviation; ''"
    "when it is not sure."
    name = _plain(text)
    if not name:
        return ""
    if len(name) == 2 and name.upper() in ISO_CODES:
        return name.upper()
    names = _names()
    if code := names.get(name):
        return code
    # "Bouvet Island (Bouvetoya)", "Slovakia (Slovak Republic)": what stands before the brackets is the name.
    before = _plain(text.split("(", 1)[0])
    return names.get(before, "") if before not in _SEVERAL_OF_A_NAME else ""


@cache
def _names() -> Mapping[str, str]:
    """Every plain name and three-letter code, and the ISO code it stands for."""
    from holidays.registry import COUNTRIES  # 0.06 s: only when a country is first asked for

    names = {_plain(alias): code for code, aliases in _OTHER_NAMES.items() for alias in aliases.split(",")}
    for name, entry in COUNTRIES.items():
        code, three_letters = entry[1], entry[2]
        names[three_letters.casefold()] = code
        names[_plain(name)] = code
    return names


def _plain(text: str) -> str:
    """A country's name in small plain letters: no accents, no "the", "&" and "St." written out."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+|_+", " ", bare.replace("&", " and ").replace("ı", "i")).split()
    words = ["saint" if word == "st" else word for word in words if word != "the"]
    return unicodedata.normalize("NFC", " ".join(words))

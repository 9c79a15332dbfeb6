"""Which country a `location` cell names, where it ends with one.

This module owns the names of countries and their usual short forms. It guesses nothing: a city, a
region or a name that more than one place bears is not read.
"""

from __future__ import annotations

# Names of ISO 3166-1 in English as they are commonly written; what has a code of its own there has
# a name of its own here. Georgia and Congo are left out: each names two places.
_NAMES = """
Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas
Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina
Botswana|Brazil|Brunei|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Chad
Central African Republic|Chile|China|Colombia|Comoros|Costa Rica|Croatia|Cuba|Cyprus|Czechia
Denmark|Djibouti|Dominica|Dominican Republic|Ecuador|Egypt|El Salvador|Equatorial Guinea|Eritrea
Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Germany|Ghana|Greece|Greenland|Grenada
Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran
Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kiribati|Kosovo|Kuwait
Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macau
Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Micronesia|Moldova
Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands|New Zealand
Nicaragua|Niger|Nigeria|North Korea|North Macedonia|Norway|Oman|Pakistan|Palau|Palestine|Panama
Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Puerto Rico|Qatar|Romania|Russia|Rwanda
Saint Lucia|Samoa|San Marino|Saudi Arabia|Senegal|Serbia|Seychelles|Sierra Leone|Singapore|Slovakia
Slovenia|Solomon Islands|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan
Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Timor-Leste|Togo|Tonga
Trinidad and Tobago|Tunisia|Turkey|Turkmenistan|Tuvalu|Uganda|Ukraine|United Arab Emirates
United Kingdom|United States|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam|Yemen|Zambia|Zimbabwe
"""

# Other ways to write the same place; no abbreviation that is a state's or a region's as well.
_OTHERS = {
    "Bosnia": "Bosnia and Herzegovina",
    "Burma": "Myanmar",
    "Cabo Verde": "Cape Verde",
    "Côte d'Ivoire": "Ivory Coast",
    "Czech Republic": "Czechia",
    "Deutschland": "Germany",
    "England": "United Kingdom",
    "España": "Spain",
    "Great Britain": "United Kingdom",
    "Holland": "Netherlands",
    "Hong Kong SAR": "Hong Kong",
    "Islamic Republic of Iran": "Iran",
    "Italia": "Italy",
    "KSA": "Saudi Arabia",
    "Macao": "Macau",
    "Mainland China": "China",
    "Northern Ireland": "United Kingdom",
    "P.R. China": "China",
    "PR China": "China",
    "People's Republic of China": "China",
    "Republic of Ireland": "Ireland",
    "Republic of Korea": "South Korea",
    "Russian Federation": "Russia",
    "Scotland": "United Kingdom",
    "Swaziland": "Eswatini",
    "The Netherlands": "Netherlands",
    "Türkiye": "Turkey",
    "U.K.": "United Kingdom",
    "U.S.": "United States",
    "U.S.A.": "United States",
    "UAE": "United Arab Emirates",
    "UK": "United Kingdom",
    "US": "United States",
    "USA": "United States",
    "United States of America": "United States",
    "Viet Nam": "Vietnam",
    "Wales": "United Kingdom",
}


def _fold(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split()).removesuffix(".")


_KNOWN = {_fold(name): name for line in _NAMES.split("\n") for name in line.split("|") if name}
_KNOWN |= {_fold(other): name for other, name in _OTHERS.items()}


def read_country(location: str) -> str | None:
    """Read the country at the end of a place.

    Parameters
    ----------
    location : str
        Hospital, city, country, from the most to the least exact, joined by commas.

    Returns
    -------
    str or None
        The country's usual English name; None where the last part is no country that is known
        here, and where it is the name of several places.

    Examples
    --------
    >>> read_country("Phantom Hospital, Springfield, USA")
    'United States'
    >>> read_country("Atlanta, Georgia") is None
    True
    """
    return _KNOWN.get(_fold(location.rpartition(",")[2]))

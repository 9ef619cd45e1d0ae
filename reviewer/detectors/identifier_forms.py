"""What numbers that identify a person look like; look-arounds are ASCII, so one glued to Chinese text is found."""

import re

_ALONE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_FIRST = r"(?<![0-9A-Za-z].)"
"""The same behind the first character: a pattern that begins with a class is searched for faster."""

_LABELLED = r"(?:(?<![0-9A-Za-z].)|(?<=[Ii][Dd].)|(?<=[Nn][Oo].)|(?<=[Ss][Ff][Zz].)|(?<=[Ss][Ff][Zz][Hh].))"
"""The same, or right behind what forms call the number."""
_BREAK = r"[ \t]{0,3}\n[ \t]{0,3}"
_BROKEN = "|".join(f"[0-9]{{{n}}}{_BREAK}[0-9]{{{16 - n}}}" for n in range(17))
"""What stands between the first and the last character of a number that is broken over one line end."""

RESIDENT_ID = re.compile(
    rf"[1-9]{_LABELLED}[0-9]{{5}}[ -]?(?:18|19|20)[0-9]{{2}}[ -]?[0-9]{{4}}[ -]?[0-9]{{3}}[0-9Xx×]{_END}"
)
BROKEN_ID = re.compile(rf"[1-9]{_LABELLED}(?:{_BROKEN})[0-9Xx×]{_END}")
OLD_RESIDENT_ID = re.compile(rf"[1-9]{_FIRST}[0-9]{{14}}{_END}")
CREDIT_CODE = re.compile(rf"[0-9A-HJ-NPQRTUWXY]{_FIRST}[0-9A-HJ-NPQRTUWXY][0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}{_END}")
BANK_CARD = re.compile(rf"[0-9]{_FIRST}[0-9]{{3}}(?:[0-9]{{12,15}}|(?:[ -][0-9]{{4}}){{3}}(?:[ -][0-9]{{1,3}})?){_END}")
IMEI = re.compile(rf"[0-9]{_FIRST}[0-9]{{14}}{_END}")
PASSPORT = re.compile(
    rf"{_ALONE}(?:[EeKkGgDdSsPpHhCcWw][0-9]{{8}}|(?:[EeCc][A-Za-z]|[DdSsPp][Ee]|[Kk][Jj]|[Mm][Aa])[0-9]{{7}}"
    rf"|1[45][0-9]{{7}}){_END}"
)
OFFICER_ID = re.compile(r"(?:[军士文武警干]|军官|士兵|文职)字第 ?[0-9A-Za-z]{4,8}号?")
MOBILE = re.compile(rf"{_ALONE}(?:(?:\+|00)86[- ]?)?1[3-9][0-9][- ]?[0-9]{{4}}[- ]?[0-9]{{4}}{_END}")
LANDLINE = re.compile(rf"{_ALONE}\(?0[1-9][0-9]{{1,2}}(?:\) ?|[- ])[2-8][0-9]{{6,7}}(?:[-转][0-9]{{1,6}})?{_END}")

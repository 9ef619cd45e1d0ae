"""What each number that identifies a person means, for `identifiers`."""

from reviewer.detectors.rule import Rule
from reviewer.finding import Severity


def _rule(
    name: str,
    title: str,
    title_en: str,
    flags: str,
    ignores: str,
    reason_en: str,
    source: str,
    severity: Severity = Severity.REVIEW,
    reason: str = "",
) -> Rule:
    return Rule(
        id=f"identifier.{name}",
        title=title,
        title_en=title_en,
        flags=flags,
        ignores=ignores,
        severity=severity,
        clause="pi",
        reason=reason or f"含有{title}；他人的个人信息须本人同意，成批的不得外发。",
        reason_en=reason_en,
        advice="删去或者遮盖中间几位；名单走内部系统。",
        advice_en="Remove it or mask its middle; pass lists through the internal system.",
        source=source,
    )


RESIDENT_ID = _rule(
    "resident-id",
    "公民身份号码",
    "Resident identity number",
    "校验位正确的 18 位公民身份号码，可分段写、紧贴汉字和 ID、SFZ 等字样，写明是身份证的可跨一行；"
    "旁边写明是身份证的 15 位旧号码",
    "校验不通过的数字、脱敏号码、长数字的一段、说明是本人号码的（只作提示）",
    "It contains a resident identity number (checksum holds).",
    "GB 11643；个人信息保护法第二十八条",
)
BANK_CARD = _rule(
    "bank-card",
    "银行卡号",
    "Bank card number",
    "16 至 19 位、Luhn 校验通过、旁边写明卡号、账户、转账等的号码",
    "没有账户字样的长数字（订单号、网页编号）、校验不通过的数字、脱敏卡号；对公、捐款、缴费账户和本人卡号（只作提示）",
    "It contains a bank card number (checksum holds and the words around name it).",
    "ISO/IEC 7812；个人信息保护法第二十八条（金融账户）",
)
PASSPORT = _rule(
    "passport",
    "护照、通行证号码",
    "Passport or travel permit number",
    "旁边写明护照、通行证的号码",
    "没有证件字样的同形编号（零件号、房号）、脱敏号码、本人号码（只作提示）",
    "It contains a passport or travel permit number.",
    "formats.md 第 9 节；个人信息保护法第二十八条",
)
OFFICER_ID = _rule(
    "officer-id",
    "军官、士兵证件号码",
    "Officer's or soldier's card number",
    "“军字第…号”“士字第…号”等写法",
    "“京房权证字第…号”“民字第…号”等其他字号",
    "It contains an officer's or soldier's card number.",
    "formats.md 第 9 节；个人信息保护法第二十八条",
)
IMEI = _rule(
    "imei",
    "手机串号",
    "IMEI of a telephone",
    "15 位、Luhn 校验通过、旁边写明 IMEI 或者串号的号码；三个以上须复核",
    "没有串号字样的 15 位数字、校验不通过的数字",
    "It contains a telephone's IMEI (checksum holds).",
    "3GPP TS 23.003；个人信息保护法第四条",
    Severity.NOTE,
)
MOBILE = _rule(
    "mobile",
    "手机号码",
    "Mobile number",
    "手机号码，可带 +86、分段写、紧贴汉字；三个以上按名单处理",
    "单个手机号只作提示；脱敏号码、长数字的一段；热线、客服、招租等对外公布的号码（只作提示）",
    "It contains a mobile number; make sure its owner agrees.",
    "个人信息保护法第四条；formats.md 第 9 节",
    Severity.NOTE,
)
LANDLINE = _rule(
    "landline",
    "住宅电话",
    "Home telephone number",
    "带区号、旁边写明住宅、家里的固定电话；三个以上按名单处理",
    "单位、客服、举报等对外公布的固定电话，没有区号的数字",
    "It contains a home telephone number; make sure its owner agrees.",
    "个人信息保护法第四条；formats.md 第 9 节",
    Severity.NOTE,
)
CREDIT_CODE = _rule(
    "credit-code",
    "统一社会信用代码",
    "Unified social credit code",
    "校验位正确的 18 位统一社会信用代码（只作提示：属于公示信息，个体工商户的能识别到个人）",
    "校验不通过的编号、含 I、O、S、V、Z 的编号",
    "It contains a unified social credit code; it is public, but that of a sole trader identifies a person.",
    "GB 32100；formats.md 第 12 节第 21 项",
    Severity.NOTE,
    "含有统一社会信用代码：单位的属于公示信息，个体工商户的能识别到个人。",
)
RULES = (RESIDENT_ID, BANK_CARD, PASSPORT, OFFICER_ID, IMEI, MOBILE, LANDLINE, CREDIT_CODE)

"""Where something is and how to reach it: coordinates, addresses of inner networks, number plates.

Alone each is a note: protected areas, home routers and taxis have them too. What stands around says whose it is.
Forms: formats.md section 9; private addresses by `ipaddress` (RFC 1918, 4193). Clauses: clauses.jsonl X24 for sites.
"""

import ipaddress
import re
from collections.abc import Iterator

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity

_EAST = r"(?:1[0-2][0-9]|13[0-5]|7[3-9]|[89][0-9])\.[0-9]{4,10}"
_NORTH = r"(?:[3-9]|[1-4][0-9]|5[0-3])\.[0-9]{4,10}"
_LABEL = (
    r"(?:[东北][经纬]度?|[经纬]度"
    r"|(?<![A-Za-z])(?:(?i:longitude|latitude|long|lng|lon|lat)(?![A-Za-z])|[ENen](?=[ \t0-9])))"
    r"[\"'”]?[ \t]?[:=是为]?[ \t]?"
)
"""What names a number as longitude or latitude, with the signs up to it."""
_SIDE = r"(?:[ \t]?[°度])?(?:[ \t]?(?:[EeNn](?![A-Za-z])|[东北][经纬]?))?"
"""What follows a number: its degree sign and its side."""
_NEXT = (
    rf"(?:{_SIDE}[ \t]?[,;、| \t][ \t]?(?:{_LABEL})?|{_SIDE}[\s,;、|/)(\"'”]{{0,4}}{_LABEL}"
    r"|[ \t]?[°度]?[EeNn][ \t]?/[ \t]?)"
)
"""What parts two coordinates: a sign or a blank, anything short before a label, a slash behind a side."""
DECIMAL = re.compile(
    rf"(?:{_LABEL})?(?<![0-9.])(?:{_EAST}{_NEXT}{_NORTH}|{_NORTH}{_NEXT}{_EAST})(?![0-9.])"
    r"(?:[ \t]?[°度]?[ENen](?![A-Za-z]))?"
)
_DEGREES = r"(?<![0-9.])[0-9]{1,3}[ \t]?[°度][ \t]?"
_HALF = r"(?:北纬|东经|(?<![A-Za-z])[NE])[ \t]?"
_MINUTES = r"[0-9]{1,2}\.[0-9]{1,5}[ \t]?[′'分]"
SEXAGESIMAL = re.compile(
    rf"(?:{_HALF})?{_DEGREES}[0-9]{{1,2}}[ \t]?[′'分]"
    r"(?:[ \t]?[0-9]{1,2}(?:\.[0-9]{1,4})?[ \t]?(?:′′|''|[″\"”秒])|(?=[ \t]?[NE](?![A-Za-z])))"
    rf"(?:[ \t]?[NE](?![A-Za-z]))?|{_HALF}{_DEGREES}{_MINUTES}|{_DEGREES}{_MINUTES}[ \t]?[NE](?![A-Za-z])"
)
IPV4 = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9]|\.[0-9])")
IPV6 = re.compile(r"(?<![0-9A-Za-z:.])[Ff][CcDd][0-9A-Fa-f]{2}:[0-9A-Fa-f:]{1,34}(?![0-9A-Za-z:])")
MAC = re.compile(r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![0-9A-Za-z:-])")
PLATE = re.compile(
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-Z]|WJ[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])"
    r"[·•‧・—. -]?(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])"
    r"|(?:(?<![\u4e00-\u9fa5A-Za-z0-9])|(?<=车牌|号牌))[使领][0-9]{6}(?![0-9A-Za-z])"
)

_SECRET_SITE = re.compile(
    r"军(?:事|用|区|营|港|车|品)|部队|营区|雷达|导弹|阵地|弹药|靶场|哨所|边防|指挥所|指挥中心|战备|储备库|涉密|保密(?:要害|部位|部门)|机要"
    r"|密级|核(?:设施|材料|电)|舰|基地|地下(?:库|工程|管廊)|人防工程|测绘成果|控制点|无人区观测|发射"
)
_OPEN_SITE = re.compile(
    r"保护区|景区|公园|旅游|导航|条例|法规|公告|地震|台网|台风|渔|航标|露营|徒步|钓|酒店|餐|小说|游戏|示例|例如|习题"
)
_INNER_NET = re.compile(
    r"内网|专网|政务外网|涉密|公安网|办公网|生产网|内部网|视频(?:专|监控)网|堡垒机|网闸|密码机|跳板机|拓扑|核心交换|业务系统|指挥系统|机要|台账"
)
_CREDENTIAL = re.compile(r"密码|口令|(?i:root|admin|passw|pwd)|管理员账[号户]|弱口令|登录名")
_HOME_NET = re.compile(
    r"家里|宿舍|教程|示例|例如|比如|虚拟机|(?i:docker|localhost|demo|example)|路由器|光猫|打印机|练习|实验课|靶机|考试|题|默认(?:地址|网关)"
)
_SECRET_DEVICE = re.compile(r"涉密|密码机|机要|公安网|指挥系统")
_REACH = 40
_LISTED = 3

COORDINATES = Rule(
    id="site.coordinates",
    title="坐标",
    title_en="Coordinates",
    flags="境内经纬度：四位以上小数的坐标对（可带经度、lng 等字样，可分两行），度分秒，带小数的度分；"
    "旁边是军事、涉密、储备等场所的须复核",
    ignores="保护区、景区、地震、导航等公开地点的坐标（只作提示），版本号、普通小数、角度",
    severity=Severity.NOTE,
    clause="wx-7",
    reason="含有精确坐标；请核对是不是要害部门部位、军事设施或者未公开的测绘成果。",
    reason_en="It contains exact coordinates; check that they are not of a restricted site.",
    advice="删去坐标；要害部位和测绘成果走涉密渠道。",
    advice_en="Remove the coordinates; use the classified channel for restricted sites.",
    source="党政机关微信使用保密规定第七条；保密法第三十九条；测绘法第三十四条；formats.md 第 9 节",
)
NETWORK = Rule(
    id="site.network",
    title="内部网络地址",
    title_en="Address of an inner network",
    flags="内网 IP（RFC 1918、RFC 4193）、MAC 地址；旁边写明内网、专网、堡垒机、拓扑或者口令的须复核",
    ignores="公网地址、版本号；家用路由器、教程里的内网地址（只作提示）",
    severity=Severity.NOTE,
    clause="wx-6",
    reason="含有内部网络地址。",
    reason_en="It contains an address of an inner network.",
    advice="删去地址、口令和拓扑；运维信息走内部系统。",
    advice_en="Remove addresses, passwords and topology; use the internal system.",
    source="党政机关微信使用保密规定第六条、第七条；RFC 1918",
)
PLATE_NUMBER = Rule(
    id="site.plate",
    title="车牌号",
    title_en="Number plate",
    flags="民用、新能源、挂车、警用、使领馆、武警车牌（只作提示）；三个以上按名单处理",
    ignores="少位、多位的同形编号，脱敏车牌",
    severity=Severity.NOTE,
    clause="pi",
    reason="含有车牌号，能查到车主或者用车单位。",
    reason_en="It contains a number plate, which leads to the owner or the office that uses the car.",
    advice="删去或者遮盖后几位。",
    advice_en="Remove it or mask its last characters.",
    source="formats.md 第 9 节；个人信息保护法第四条",
)
RULES = (COORDINATES, NETWORK, PLATE_NUMBER)

_AT_SITE = ("坐标旁边说的是军事、涉密或者储备场所。", "The words around speak of a military, secret or reserve site.")
_WITH_KEY = ("内网地址旁边有账号口令。", "A password stands beside an inner address.")
_IN_NET = ("地址旁边说的是内部网络或者其设备。", "The words around speak of an inner network or its devices.")
_SEVERAL = ("多个车牌号成批出现。", "Several number plates together.")


def detect(view: View) -> Iterator[Hit]:
    """Coordinates, inner addresses and plates with what the words around say of them."""
    for pattern in (DECIMAL, SEXAGESIMAL):
        for m in view.find(pattern):
            around = view.around(m.start(), m.end(), _REACH)
            if _SECRET_SITE.search(around) and not _OPEN_SITE.search(view.beside(m.start(), m.end(), _REACH)):
                yield Hit(COORDINATES, m.start(), m.end(), Severity.REVIEW, 0.8, None, *_AT_SITE)
            else:
                yield Hit(COORDINATES, m.start(), m.end(), confidence=0.3)
    for pattern in (IPV4, IPV6):
        for m in view.find(pattern):
            if _private(m.group()):
                yield _address(view, m)
    for m in view.find(MAC):
        if set(m.group()) - set("0Ff:-"):
            yield _address(view, m)
    plates = list(view.find(PLATE))
    several = len({m.group() for m in plates}) >= _LISTED
    for m in plates:
        if several:
            yield Hit(PLATE_NUMBER, m.start(), m.end(), Severity.REVIEW, 0.7, None, *_SEVERAL)
        else:
            yield Hit(PLATE_NUMBER, m.start(), m.end(), confidence=0.4)


def _private(text: str) -> bool:
    """Whether it is an address of RFC 1918 or RFC 4193; 127.0.0.1 and 0.0.0.0 say nothing."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_private and (address.version == 6 or int(address) >> 24 in (10, 172, 192))


def _address(view: View, m: re.Match[str]) -> Hit:
    around = view.around(m.start(), m.end(), _REACH)
    clause = "wx-7" if _SECRET_DEVICE.search(around) else None
    if not _HOME_NET.search(view.beside(m.start(), m.end(), _REACH)):
        if _CREDENTIAL.search(around):
            return Hit(NETWORK, m.start(), m.end(), Severity.REVIEW, 0.85, clause, *_WITH_KEY)
        if _INNER_NET.search(around):
            return Hit(NETWORK, m.start(), m.end(), Severity.REVIEW, 0.7, clause, *_IN_NET)
    return Hit(NETWORK, m.start(), m.end(), confidence=0.3)

"""Lists of people: three or more names, each with a number, an address, an illness or a status of its own.

One person's number is for `identifiers`; a list weighs more (个人信息保护法 article 28; formats.md section 10).
A row is a name that stands alone and what follows it up to the next name or the end of the line.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.detectors import identifier_forms as forms
from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity
from reviewer.normalise.names import COMPOUND, SURNAMES

LISTED = 3
_ROW = 80
"""Characters a row may have."""
_STATED = ("特殊身份",)
_GAP = 120
"""Characters between two rows of one list."""
_LEAD = 160
"""Characters before a list in which its heading may stand."""

_TITLE = (
    "老师|教授|医生|大夫|护士|经理|主任|书记|女士|先生|小姐|师傅|阿姨|同学|同志|队长|局长|处长|科长|部长|院长|校长|所长|站长|镇长|村长"
    "|律师|警官|工程|老板|总监|店长"
)
_NAME = re.compile(
    rf"(?:(?<![一-龥A-Za-z])|(?<=患者|学生|职工|员工|居民|村民|姓名|户主|家属|人员|对象|病人|儿童|老人)|(?<=低保户|五保户|特困户))(?:{COMPOUND}|[{SURNAMES}])(?!{_TITLE})[一-龥]{{1,2}}?"
    r"(?:(?![一-龥])|(?=[男女](?![一-龥]))|(?=电话|手机|身份证))"
)
_NO_NAME = re.compile(
    r"[店部科办局处室司厂校院所组站队会街路镇县市区村块元台套吨年月]$|艾滋|梅毒|白血|白内|高[烧热危]|康复|宫[颈外]|水痘|麻疹|安全|安排|时间|方案|项目|金额|高血|单价|成绩|方式|全部|师生|于是|应该|当时|关于|常见|全国|和平|向上"
    r"|^(?:单[位次号据项]|温[度馨]|车[辆次牌型费间位况]|余[额量款]|常[规温用住]|双侧|连[续接]|须知|高[度压中三铁]|毛[重利坯]|白[班色]|解决|宣传|宿舍|满[分意]|安装|路[线程况段]"
    r"|关[机键系]|席位|凌晨|房[屋间号租价]|施工|司机|冷[藏冻]|步骤|牛奶|金[融色卡额]|暴[雨风]|简[历介称]|利[率息]|项[次数]|强度|党费|充值)[值数表单]?$"
)
_COMMON = re.compile(
    r"周[一二三四五六日天末]|[郑温杭常徐苏柳梅贺池滕荆许莱][州]|(?:宁波|金华|安[庆阳康]|岳阳|益阳|江[苏西门阴]|安徽|湛江|毕节|乐山|曲靖|武[汉威]|常德|海[口南]|吉[林安]|宁[夏德]|通[化辽]|祁阳|云南|邵阳|石嘴山)市?"
    r"|[黄白毛蜜]桃|[杨乌]梅|杨桃|梅子|石榴|桑葚|蓝莓|金[桔枣]|车厘子|龙眼|花生|毛豆|黄[瓜豆鱼]|白[菜萝酒]|牛[奶肉]|羊肉|鱼[虾肉]|海[鲜虾]|柏树|柳絮|艾草"
)
"""Weekdays, towns and provinces, and what people eat or cannot bear, where a name could stand."""
_FIRST = re.compile(r"(?:^|[;。:])(?:[^\n;。:|\t]{0,12}[|\t]){0,3}[^\n;。:一-龥]{0,12}$")
"""What stands before the cell of a name: the begin of a row, a number, a bullet, a few cells with their lines."""
_VALUE = re.compile(rf"\s*(?:{forms.MOBILE.pattern}|{forms.RESIDENT_ID.pattern}|[0-9]{{3,4}}-?[0-9]{{7,8}})")
"""What follows a name before a colon, where the name is not a label."""
_SPECIALITY = re.compile(
    r"(?:擅长|主治(?!医)|专攻|专长)[^;。\n]*"
    r"|(?:癌|肿瘤|乙肝|结核|抑郁|精神病?|糖尿病|高血压|冠心病|肺炎|骨折|手术|化疗|透析|白血病|过敏)[^\W0-9转住收送入查在到去来]{0,3}(?:科|医师|门诊)"
)
"""What a doctor treats, not what a patient has."""

_KINDS = (
    ("联系方式", re.compile(rf"{forms.MOBILE.pattern}|@[\w-]{{1,30}}\.[a-z]|电话[: ]?[0-9]{{7,8}}")),
    ("证件号码", re.compile(rf"{forms.RESIDENT_ID.pattern}|护照|[0-9]{{16,19}}")),
    (
        "健康状况",
        re.compile(
            r"确诊|阳性|密接|诊断|病史|癌|肿瘤|艾滋|HIV|乙肝|梅毒|结核|抑郁|精神(?:病|障碍|分裂)|糖尿病|高血压|冠心病|肺炎|脑梗|骨折|手术|住院"
            r"|[0-9]{1,3}床|床号|化疗|残疾|怀孕|孕[0-9]|流产|透析|白血病|过敏"
        ),
    ),
    (
        "住址",
        re.compile(
            r"[0-9]{1,4}(?:号楼|栋|幢|单元)|[0-9一二三四五六七八九十]{1,4}[组号][0-9]{0,4}室|[村镇社区路街巷][0-9]{1,4}号(?!线)|村[0-9一二三四五六七八九十]{1,3}组"
        ),
    ),
    (
        "特殊身份",
        re.compile(
            r"低保|五保|贫困|吸毒|社区矫正|前科|刑满|失信|逾期|欠[款贷费]|信访|上访|涉毒|精神病|服刑|离异|单亲|留守"
        ),
    ),
)
_HEAD = re.compile(
    r"身份证号?码?|证件号码?|联系电话|手机号?码?|现?住址|户籍地?|家庭住址|床号|住院号|病历号|诊断|检[查测]结果|采样时间|发病时间|密接类型|隔离地点|返[乡贺回]时间|车次|航班号|卡号|账号|学号|工资|考核结果|得分|处分"
)
_STATUS = re.compile(
    r"(?:低保|五保|特困|上访|信访|吸毒|涉毒|社区矫正|刑满释放|次?密接|确诊|阳性|失信|艾滋病?|精神病|留守)(?:(?:人员|对象|患者|病人|儿童|老人|户|者|人)?(?:名单|情况|如下|有|是)?:"
    rf"|(?:人员|对象|患者|病人|儿童|老人|户)(?=(?:{COMPOUND}|[{SURNAMES}])[一-龥]{{1,2}}[、,]))"
)
"""What a sentence says of everybody whom it names after it."""
_PUBLISHED = re.compile(r"公示|公告|中标|录用|拟聘|获奖|光荣榜|表彰|参赛|联系人|演员表")
_STAFF = re.compile(
    r"(?:专家|名医|医师|门诊(?=专家|医[师生]|排班|时间|安排|出诊|坐诊|:))(?![^。]*(?:患者|病人|病例|确诊|会诊|体检|收治|就诊|复诊|[收看]的|阳性|名单))[^。]*$"
)
"""Words before a list of those who treat, not of those who are treated."""
_INVENTED = re.compile(r"示例|样例|模板|虚构|小说|剧本|测试数据|假数据|游戏|习题|例题")

LIST = Rule(
    id="people.list",
    title="人员名单",
    title_en="List of people",
    flags="三人以上、每人姓名旁有电话、证件、住址、病情或者特殊身份的名单，逐行、逐格、连写，或者写明是哪类人",
    ignores="只有姓名的名单，脱敏姓名，单位和店铺通讯录，“某老师”等称呼，星期、地名、食物；医生擅长什么、在哪一科，表单的栏目；公示、示例、虚构和专家、医师的名单（只作提示）",
    severity=Severity.REVIEW,
    clause="pi",
    reason="多人的姓名连同个人信息成批出现。",
    reason_en="It is a list of people with their personal information.",
    advice="名单走内部系统；确需外发的，只留必要的栏目并遮盖号码。",
    advice_en="Pass lists through the internal system; else keep only what is needed and mask the numbers.",
    source="个人信息保护法第十条、第二十八条；传染病防治法第十六条；formats.md 第 10 节",
)
RULES = (LIST,)


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    start: int
    end: int
    kinds: tuple[str, ...]


def detect(view: View) -> Iterator[Hit]:
    """One hit a list, from its first name to the end of its last row."""
    for rows in _lists(list(_rows(view))):
        people = len({r.name for r in rows})
        if people < LISTED:
            continue
        kinds = [kind for kind, _ in _KINDS if any(kind in r.kinds for r in rows)] or ["个人信息"]
        before = view.text[max(0, rows[0].start - _LEAD) : rows[0].start]
        harmless = (
            _INVENTED.search(before)
            or (_PUBLISHED.search(before) and not {"证件号码", "健康状况"} & set(kinds))
            or (_STAFF.search(before) and kinds == ["健康状况"])
        )
        why = f"{people} 人的姓名连同{'、'.join(kinds)}成批出现。"
        why_en = f"{people} people are listed by name with personal information."
        if harmless:
            why, why_en = (
                f"{why}像是公示、医生或者虚构的名单，只作提示。",
                f"{why_en} It seems published, of doctors, or invented; a note.",
            )
        yield Hit(
            LIST,
            rows[0].start,
            rows[-1].end,
            Severity.NOTE if harmless else None,
            0.4 if harmless else 0.95,
            why=why,
            why_en=why_en,
        )


def _rows(view: View) -> Iterator[_Row]:
    """Names with something of their own, or with cells under a heading that announces it."""
    text = view.text
    heads, said = _headings(text), [m.end() for m in _STATUS.finditer(text)]
    found = [m for m in view.find(_NAME) if not (_NO_NAME.search(m.group()) or _COMMON.fullmatch(m.group()))]
    for i, m in enumerate(found):
        stop = min(m.start() + _ROW, found[i + 1].start() if i + 1 < len(found) else len(text))
        line = text.find("\n", m.end(), stop)
        stop = line if line >= 0 else stop
        own = _SPECIALITY.sub("", text[m.end() : stop])
        kinds = tuple(kind for kind, pattern in _KINDS if pattern.search(own))
        kinds = kinds or (_STATED if _said(text, said, m.start()) else ())
        if kinds or (_under(heads, m.start()) and _cells(text, m.start(), m.end(), stop)):
            yield _Row(m.group(), m.start(), m.end() + len(text[m.end() : stop].rstrip()), kinds)


def _cells(text: str, start: int, end: int, stop: int) -> bool:
    """Whether a name is a cell of a row and more of them follow; before a colon stands a label."""
    if not _FIRST.search(text[max(0, start - _LEAD) : start].rpartition("\n")[2]):
        return False
    if text.startswith(":", end):
        return _VALUE.match(text, end + 1, stop) is not None
    return re.search(r"[|,\t; 、]\s*[^\s|,;:、]", text[end:stop]) is not None


def _said(text: str, ends: Sequence[int], position: int) -> bool:
    """Whether the sentence says before a name what all whom it names are."""
    i = bisect_left(ends, position + 1)
    return i > 0 and position - ends[i - 1] < _LEAD and "。" not in text[ends[i - 1] : position]


def _headings(text: str) -> list[int]:
    """Where lines end that name a column of personal information beside that of names."""
    ends = []
    at = text.find("姓名")
    while at >= 0:
        end = text.find("\n", at, at + _LEAD)
        end = end if end >= 0 else min(len(text), at + _LEAD)
        if _HEAD.search(text, at, end):
            ends.append(end)
        at = text.find("姓名", end)
    return ends


def _under(heads: Sequence[int], position: int) -> bool:
    """Whether a heading stands above within reach of a long table."""
    i = bisect_left(heads, position + 1)
    return i > 0 and position - heads[i - 1] < _ROW * 50


def _lists(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Runs of rows with little between them."""
    run: list[_Row] = []
    for row in rows:
        if run and row.start - run[-1].end > _GAP:
            yield run
            run = []
        run.append(row)
    if run:
        yield run

"""Numbers that identify a person: by their check digit where they have one, by the words around where it is weak.

Random digits pass Luhn one time in ten and the check of a resident ID one time in eleven, so bank cards, IMEI and all
numbers without a check digit want a word that names them. Check digits through python-stdnum. formats.md section 9.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.exceptions
import stdnum.luhn

from reviewer.detectors import identifier_forms as forms
from reviewer.detectors.identifier_rules import (
    BANK_CARD,
    CREDIT_CODE,
    IMEI,
    LANDLINE,
    MOBILE,
    OFFICER_ID,
    PASSPORT,
    RESIDENT_ID,
    RULES,
)
from reviewer.detectors.rule import Hit, Rule, View
from reviewer.finding import Severity
from reviewer.normalise.names import COMPOUND, SURNAMES

__all__ = ["RULES", "detect"]

LISTED = 3
"""Different numbers of a kind from which they are a list of people."""

_BEFORE, _AFTER = 24, 12
"""Characters before and after a number in which a word may name it."""

_PAPER = (
    r"(?:身份证|证件|居住证|电话|手机|护照|通行证|银行|[工农建交中招]行|邮储|农信|工资|社保|储蓄|信用|借记|[卡账帐户]|号|码|信息|原件|复印件"
    r"|旧|老|新|户口本|个人|常用|如下|发你|给你|[是为的和与跟在这上办订买报填男女:,、()\s])"
)
"""What may stand between the word for oneself and one's own number."""
_KIN = (
    r"孙[女子儿媳辈]|房[东客主]|司[机仪]|师[傅父兄弟姐妹母娘]|连[长襟]|班[长主]|车[主友夫]|祖[父母]|曾[祖孙]|岳[父母]|顾[客主]|养[父母子女]|单位|居民"
    r"|东[家主]|法[人定]|牧[民师]|庄[家主]|游客|常客|党员|安保|宗亲|高中|别人|项目|申请"
    r"|[一-龥](?:[总哥姐叔姨]|律师|老师|师傅|经理|主任|医生|护士|阿姨|同学|队长)"
)
"""Other people, whose word begins as a name does or who are called by a title."""
_NAME = rf"(?!{_KIN})(?:{COMPOUND}|[{SURNAMES}])[一-龥]{{1,2}}"
_SELF = (
    r"(?:(?<![一-龥])|(?<=[我咱你您用是拿把发给填报凭以带写输按在到了])(?<![他她它].)(?<![他她它]们.)|(?<=本人))自己的?"
)
"""自己 of the writer: behind 我, a verb or nothing, not behind 他 or a name."""
_OWN = re.compile(
    rf"(?<!不是)(?<!并非)(?<!非)(?<!不算)(?<!不属于)(?:我的|{_SELF}|我(?=身份证|电话|手机|卡号|护照)|咱家的?"
    rf"|本人(?:[,(]?(?:[是叫]|姓名[:是为]?)?{_NAME})?的?){_PAPER}{{0,12}}$"
)
_PUBLIC = re.compile(
    r"热线|客服|前台|总机|值班|报名|联系(?:人|电话)|咨询|举报|投诉|监督|预[订约]|订[餐票座]|送货|招[租聘]|出租|转让|求购|[出代]售"
    r"|快递|外卖|失物|寻[人狗猫物]|急救|报警|窗口|门诊|传真|官网|加微信|报修|挂号"
)
_OTHER = re.compile(r"单号|订单|流水|快递|编号|网页|型号|零件")
_ORGANISATION = re.compile(r"对公|公户|捐款|募捐|缴费|学费|保证金|单位账户|公司账户|专户|公益|基金会")


def _compact(text: str) -> str:
    return "".join(text.split()).replace("-", "").replace("×", "X")


def _resident_id(text: str) -> bool:
    """Date and check digit hold; the region is not asked, since stdnum's table lacks newer and invented ones."""
    number = _compact(text).upper()
    try:
        stdnum.cn.ric.get_birth_date(number)
        return bool(stdnum.cn.ric.calc_check_digit(number) == number[-1])
    except stdnum.exceptions.ValidationError:
        return False


def _old_resident_id(text: str) -> bool:
    """Fifteen digits whose birthday exists in the twentieth century."""
    try:
        date(1900 + int(text[6:8]), int(text[8:10]), int(text[10:12]))
    except ValueError:
        return False
    return True


def _credit_code(text: str) -> bool:
    return bool(stdnum.cn.uscc.is_valid(text))


def _luhn(text: str) -> bool:
    number = _compact(text)
    return len(set(number)) > 1 and bool(stdnum.luhn.is_valid(number))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of number: its form, its check, and the words that must name it (none: the form is enough)."""

    rule: Rule
    form: re.Pattern[str]
    holds: Callable[[str], bool] | None = None
    named: re.Pattern[str] | None = None
    public: re.Pattern[str] | None = None
    """Words that say the number is published; then it is a note."""


_KINDS = (
    _Kind(RESIDENT_ID, forms.RESIDENT_ID, _resident_id),
    _Kind(RESIDENT_ID, forms.BROKEN_ID, _resident_id, re.compile(r"身份证|身份号码|证件|(?i:id|sfz)(?![A-Za-z])")),
    _Kind(RESIDENT_ID, forms.OLD_RESIDENT_ID, _old_resident_id, re.compile(r"身份证|身份号码|证件号")),
    _Kind(CREDIT_CODE, forms.CREDIT_CODE, _credit_code),
    _Kind(
        BANK_CARD,
        forms.BANK_CARD,
        _luhn,
        re.compile(
            r"卡号|银行|账号|帐号|账户|帐户|储蓄|信用卡|借记卡|工资卡|社保卡|开户|收款|打款|转账|汇款|户名|打到|打给|转到|卡[里上]|[工农建交中招]行|邮储|农信"
        ),
        _ORGANISATION,
    ),
    _Kind(IMEI, forms.IMEI, _luhn, re.compile(r"(?i:imei)|串[号码]|入网号|手机识别码")),
    _Kind(PASSPORT, forms.PASSPORT, named=re.compile(r"护照|通行证|往来港澳|回乡证|台胞证")),
    _Kind(OFFICER_ID, forms.OFFICER_ID),
    _Kind(MOBILE, forms.MOBILE, public=_PUBLIC),
    _Kind(
        LANDLINE,
        forms.LANDLINE,
        named=re.compile(r"宅电|住宅|家里|家庭|家中|本人|座机|小灵通|老家"),
        public=_PUBLIC,
    ),
)

_OWN_NUMBER = ("写明是本人的号码，只作提示。", "Said to be one's own; only a note.")
_PUBLISHED = ("像是对外公布的号码，只作提示。", "It seems to be a published number; only a note.")


def detect(view: View) -> Iterator[Hit]:
    """Numbers of persons, graded by how many and whose; no character belongs to two numbers."""
    taken: set[int] = set()
    for kind in _KINDS:
        matches = list(_numbers(view, kind, taken))
        listed = len({m.group() for m in matches}) >= LISTED
        for m in matches:
            taken.add(m.start())
            yield _graded(view, kind, m, listed=listed)


def _numbers(view: View, kind: _Kind, taken: set[int]) -> Iterator[re.Match[str]]:
    """The numbers of a kind; in a row of them the word that names the first names all."""
    last = -_BEFORE
    for m in view.find(kind.form):
        if m.start() in taken or (kind.holds and not kind.holds(m.group())):
            continue
        if kind.named:
            if _OTHER.search(view.text, max(0, m.start() - 8), m.start()):
                continue
            if m.start() - last >= _BEFORE and not kind.named.search(
                view.text, max(0, m.start() - _BEFORE), m.end() + _AFTER
            ):
                continue
            last = m.end()
        yield m


def _graded(view: View, kind: _Kind, m: re.Match[str], *, listed: bool) -> Hit:
    rule, start, end = kind.rule, m.start(), m.end()
    if kind.public and kind.public.search(view.text, max(0, start - _AFTER), end + _AFTER):
        return Hit(rule, start, end, Severity.NOTE, 0.3, None, *_PUBLISHED)
    if not listed and _OWN.search(view.text[max(0, start - 20) : start]):
        return Hit(rule, start, end, Severity.NOTE, 0.4, None, *_OWN_NUMBER)
    if listed and rule is not CREDIT_CODE:
        return Hit(rule, start, end, Severity.REVIEW, 0.97 if rule.severity is Severity.REVIEW else 0.7)
    return Hit(rule, start, end, confidence=0.9 if rule.severity is Severity.REVIEW else 0.4)

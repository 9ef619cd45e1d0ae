"""What marks look like: patterns over the folded text, every gap bounded, no nested quantifiers.

Forms: 1990 标志规定 articles 3-5, GB/T 9704-2012 7.2, 保密法 articles 20 and 22, and how they are mistyped; work and
trade marks: 工作秘密管理暂行办法, 中央企业商业秘密保护暂行规定 articles 13-15.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from reviewer.detectors.mark_period import NUMERALS
from reviewer.detectors.rule import headed

_GAP = r"[ \t]{0,3}"
_HAN = r"\u4e00-\u9fa5"
LEVEL = r"(?:绝[ \t]{0,2}密|机[ \t]{0,2}密|秘[ \t]{0,2}密)"
_AT = r"(?=[绝机秘])"
"""Levels begin with these; one test spares the others."""
_STATE = rf"{_AT}(?<!商业)(?<!工作)(?<!个人)(?<!企业)(?<!技术)(?<!经营)(?<!公司)"
STAR = "★☆⭐🌟✩✪✫✬✭✮✯✰✦✧✶✷✸✹✺⋆▲△◆●※"
_DOT = "*·•‧・⁎∗✱✲✳"
_OCR = "女大文xX#"
NUMERAL = rf"(?:\d(?:[ \t]?\d)?|[{NUMERALS}]{{1,3}})"
_YEARS = rf"{NUMERAL}{_GAP}(?:年|个?月)(?!级)"
_SPAN = rf"(?:{NUMERAL}{_GAP}(?:年|个?月|天|日)|半年)(?!级)"
_LONG = r"(?:长[ \t]{0,2}期|永久|[不无]限期)"
_DATE = (
    r"至?(?:19|20)\d{2}(?:年(?:\d{1,2}月(?:\d{1,2}日)?|[底末])?|[.\-/]\d{1,2}(?:[.\-/]\d{1,2})?)(?:之?前|后|起?解密)?"
)
_CONDITION = rf"[{_HAN}]{{2,12}}?(?:前|后|时|之日起?|完毕|为止)(?=[^{_HAN}]|$|的|解密|字样)"
_RATED = rf"{_GAP}\d{{1,3}}(?:[%分星折元块]|/\d|\.\d(?!年))"
"""What follows the star of a rating."""
_EDGE, _END = rf"(?<![{_HAN}\w])", rf"(?![{_HAN}\w])"
_OPEN, _CLOSE = r"[(\[【〔〖「]", r"[)\]】〕〗」]"
_SUFFIX = r"\.(?:docx?|pdf|xlsx?|pptx?|wps|et|ofd|zip|rar|jpe?g|png|txt)(?![A-Za-z])"
_NAMED = rf"(?:(?:解密时间|解密条件|保密期限|期限|保密)?{_GAP}:{_GAP}|(?:解密时间|解密条件|保密期限|期限|保密){_GAP})?"
"""The word for a period, as forms print it before the period."""


class Kind(StrEnum):
    """How much a form says by itself."""

    FULL = "full"
    """Level, star and period: a mark wherever it stands."""
    BROKEN = "broken"
    """A part is missing or misplaced: a mark where it stands alone or is said to be on the paper."""
    LINE = "line"
    """A level alone on a line: its neighbours decide."""
    TICKED = "ticked"
    """A level ticked among those of its field."""
    FIELD = "field"
    """A level in the field for it."""
    PORTION = "portion"
    """A level in brackets before a paragraph or on the name of a file."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a mark of state secrets; groups `level` and, where there is one, `period`."""

    kind: Kind
    pattern: re.Pattern[str]

    def unfilled(self, text: str, end: int) -> bool:
        """Whether a match that ends there is a field in which nothing is chosen yet."""
        return self.kind is Kind.FIELD and UNFILLED.match(text, end) is not None


def _form(kind: Kind, pattern: str) -> Form:
    return Form(kind, re.compile(pattern, re.MULTILINE))


_NAME = (
    r"(?<![精加严稠细紧])密[ \t]{0,2}级|秘密等级|保密等级|密级和保密期限|涉密等级|涉密级别|保密级别|文件等级|定密等级"
)
_L = rf"(?P<level>{LEVEL})级?"
_CELL = rf"{LEVEL}级?[ \t]{{0,8}}"
_NEXT = r"保密期限|期限|年限|份号|份数|页数|编号|文号|紧急程度|缓急|签发|定密|日期|名称|标题|题名|类别"
"""Names of the fields beside the level in a form or a table."""
_FIELD = (
    rf"(?=[密秘保涉文定])(?:{_NAME})(?:\([^()\n]{{0,16}}\))?(?:[】\]]?{_GAP}[:|=][ \t|“\"]{{0,6}}|[】\]]{_GAP}"
    rf"|[ \t]{{1,8}}(?={_CELL}(?:$|\||(?:{_NEXT}))|{LEVEL}级? ?\t[ \t]{{0,8}}(?!{LEVEL})))"
)
"""The name of the field and what parts it from the level; a blank does where the level ends its line or cell."""
_ASIDE = rf"(?:{LEVEL}级?|工作秘密|内部|公开|非密|不?涉密|普通|一般|其他|无)"
_PART = r"[ \t、/|,]{0,3}"
_BOX = r"(?:[□○☐◻◯]|[(\[][ \t_]{0,4}[)\]])"
_TICK = r"(?:[☑√✓✔■⊠⊙●☒🗹🗸✅]|[(\[][ \t]{0,2}[☑√✓✔✅●■vVxX×][ \t]{0,2}[)\]])"
FORMS = (
    _form(
        Kind.FULL,
        rf"{_STATE}{_L}{_GAP}\(?[{STAR}]{{1,2}}\)?(?![{STAR}]){_GAP}{_NAMED}(?P<period>{_LONG}|{_DATE}|{_SPAN}|{_CONDITION})",
    ),
    _form(Kind.FULL, rf"{_STATE}{_L}{_GAP}[{_DOT}]{_GAP}(?P<period>{_LONG}|{_DATE}|{_SPAN})"),
    _form(Kind.FULL, rf"[{STAR}]{_GAP}{_L}{_GAP}[:：]?{_GAP}(?P<period>{_LONG}|{_DATE}|{_SPAN})"),
    _form(Kind.FULL, rf"(?<![\d{_HAN}])(?P<period>{_LONG}|{_YEARS}){_GAP}[{STAR}]{_GAP}{_L}(?![{_HAN}])"),
    _form(Kind.FULL, rf"[{STAR}]{_GAP}(?P<period>{_YEARS}){_GAP}{_L}(?![{_HAN}])"),
    _form(Kind.BROKEN, rf"{_AT}{_EDGE}{_L}{_GAP}[{_OCR}]{_GAP}(?P<period>{_YEARS}){_END}"),
    _form(Kind.BROKEN, rf"{_STATE}{_L}{_GAP}(?:五角)?星{_GAP}(?P<period>{_LONG}|{_YEARS}){_END}"),
    _form(Kind.BROKEN, rf"{_AT}{_L}{_GAP}[:：—–\-_/|,、(（〔\[~]?{_GAP}(?P<period>{_LONG}|{_YEARS}){_END}"),
    _form(Kind.BROKEN, rf"{_STATE}{_L}{_GAP}[★☆⭐](?![{STAR}{_HAN}])(?!{_RATED})(?:{_GAP}\d{{1,2}}(?!\d))?"),
    _form(Kind.BROKEN, rf"(?=[绝机])(?<![《〈司随])(?P<level>{LEVEL})级?{_GAP}[★☆⭐](?=[{_HAN}])"),
    _form(Kind.BROKEN, rf"(?<![{STAR}{_HAN}])[★☆⭐]{_GAP}{_L}(?![{_HAN}{STAR}])"),
    _form(
        Kind.LINE,
        rf"^[ \t|>*#_]{{0,8}}(?:(?:份号|[Nn]o\.?|№)?:?\d{{6}}[ \t|]{{1,8}})?{_L}"
        r"(?:[ \t|]{0,8}(?:特急|加急|急件|特提|平急|第?\d{1,6}号|\d{6}))?[ \t|*_]{0,8}$",
    ),
    _form(
        Kind.TICKED,
        rf"{_FIELD}(?:{_ASIDE}(?:{_GAP}{_BOX})?{_PART}){{0,6}}{_L}(?:{_TICK}|{_GAP}{_TICK}(?!{_GAP}{_ASIDE}))",
    ),
    _form(Kind.TICKED, rf"{_FIELD}(?:{_BOX}{_GAP}{_ASIDE}{_PART}){{0,6}}{_TICK}{_GAP}{_L}"),
    _form(
        Kind.TICKED,
        rf"{_FIELD}(?:{_ASIDE}[ \t、/|,]{{1,3}}){{1,6}}{_TICK}{_GAP}{_L}(?!{_GAP}{_BOX}(?!{_GAP}{_ASIDE}))",
    ),
    _form(Kind.FIELD, rf"{_FIELD}(?:{_BOX}{_GAP}{_ASIDE}{_PART}){{0,2}}{_L}"),
    _form(Kind.BROKEN, rf"(?=[密秘保涉文定])(?:{_NAME})(?:定?[是为])?[“\"]?(?P<level>{LEVEL})(?![{_HAN}])"),
    _form(
        Kind.PORTION,
        rf"^[ \t]{{0,8}}(?:第?[一二三四五六七八九十\d]{{1,3}}[、.)]{_GAP})?{_OPEN}{_GAP}{_L}{_GAP}{_CLOSE}",
    ),
    _form(
        Kind.PORTION,
        rf"{_OPEN}{_L}{_CLOSE}(?=[^\s,。;:!?]{{0,40}}{_SUFFIX})",
    ),
    _form(Kind.PORTION, rf"(?<=[_\-—]){_L}(?={_SUFFIX})"),
)

_OTHERS = r"(?:工作|商业|企业|公司|技术|经营)秘密"
MISUSED = headed(
    r"内商工企公技经普机核秘绝敏受",
    rf"(?:{_OTHERS}|(?:核心|普通)?商密|内部(?:资料|事项|文件|材料)?|敏感(?:信息)?|受控){_GAP}★{_GAP}(?:{_LONG}|{_DATE}|{_SPAN})"
    rf"|(?:{_OTHERS}|(?:核心|普通)商密){_GAP}★(?![★{_HAN}])"
    rf"|{LEVEL}级?{_GAP}[(〔\[【]{_GAP}(?:内部|工作秘密|商业秘密){_GAP}[)〕\]】]",
)
TRADED = re.compile(r"(?:核心|普通)?商密|(?:商业|企业|公司|技术|经营)秘密")
_KEEP = r"(?:注意保[存密管]|(?:不得|严禁|请勿|切勿|禁止)(?:外传|外泄|扩散|传播|翻印|复印|转发)|妥善保管|严格保密)"
_SAID = r"(?:标注|注明|标有|标着|印有|印着|盖着|盖有|写着|密级[ \t]{0,3}[:|]|此件属|标的是?|这[份个批件](?:是|属于?)?)"
WORK = headed(
    r" \t(\[「【〔〖仅内写印只密工本标此注盖敏这",
    rf"工作秘密{_GAP}[★☆▲△*◆●](?:{_GAP}(?:{_LONG}|{_DATE}|{_SPAN}))?"
    rf"|{_OPEN}{_GAP}(?:工作秘密|内部(?:文件|资料|材料)?|敏感(?:信息)?|受控){_GAP}{_CLOSE}(?=[^\s,。;:!?]{{0,40}}{_SUFFIX})"
    rf"|[(\[【〔]{_GAP}工作秘密{_GAP}[)\]】〕]|^[ \t]{{0,8}}工作秘密[ \t]{{0,8}}$"
    rf"|{_SAID}{_GAP}[“\"「]?工作秘密"
    rf"|^[ \t]{{0,8}}[(【\[]?内[ \t]{{0,3}}部[)】\]]?[ \t]{{0,8}}$|密级{_GAP}[:：|]{_GAP}内部"
    r"|(?:内部事项|敏感信息)[ \t,]{0,3}注意保[管密存]|(?:标[注着有]|印[着有]|盖[着有]|写着)[“\"「]内部[”\"」](?=字样|两个字|的)"
    rf"|内部(?:资料|文件|材料|刊物|情况|参考|信息|电报)[ \t\n,:!。]{{0,3}}{_KEEP}"
    rf"|内部(?:使用|掌握)[ \t,]{{0,3}}{_KEEP}|[仅只][限供]内部(?:学习|工作)?(?:使用|参阅|传阅|参考|掌握)"
    rf"|[(〔\[]?{_GAP}[此本]件(?:不(?:予|宜|对外)?公开|可?依申请公开|不得翻印|属工作秘密|发[至到][{_HAN}、,()]{{0,16}}(?:级|部门|单位|公司|机构|政府|党[委组]|[厅局处团])(?![{_HAN}])){_GAP}[)〕\]]?",
    flags=re.MULTILINE,
)
_MANAGED = r"的?(?:日常)?(?:管理|保护|培训|制度|教育|工作|事项|知识|范围|目录|人员)"
_COMPANY = r"(?:核心|普通)商密"
TRADE = headed(
    r" \t(\[【〔〖「商密普核企公技经标注印盖写此这定",
    rf"{_COMPANY}{_GAP}[★☆▲△*●◆]|{_OPEN}{_GAP}{_COMPANY}(?!{_MANAGED})|{_COMPANY}{_SUFFIX}|(?:{_SAID}|定为){_GAP}[“\"「]?{_COMPANY}(?!{_MANAGED})",
    rf"{_COMPANY}(?!{_MANAGED})",
    rf"(?:核心|普通)商业秘密{_GAP}[★☆▲△*●◆]|(?:商业|企业|公司|技术|经营)秘密{_GAP}[★☆▲△*●◆](?![★☆])(?:{_GAP}(?:{_LONG}|{_DATE}|{_SPAN}))?"
    rf"|^[ \t]{{0,8}}商[ \t]{{0,3}}密[ \t]{{0,8}}$|[(\[【〔]{_GAP}(?:商密|商业秘密){_GAP}[)\]】〕]|密级{_GAP}[:：|]{_GAP}商密",
    flags=re.MULTILINE,
)
BARE = re.compile(rf"内[ \t]{{0,3}}部|{_COMPANY}")
"""Marks that are words of every day unless they stand as marks do."""
CIPHER = re.compile(r"密码电报")
TELEGRAM = re.compile(r"(?:^|[\s(〔])(?:内部明电|密电|机要传真|机要电报)(?=[\s)〕:〔\[(]|$)", re.MULTILINE)
TELEGRAM_HEAD = headed(
    r"发签等缓明密机传",
    rf"发电专用纸|签批盖章|发[ \t]{{0,3}}电(?:单位|机关)|(?:等级|缓急){_GAP}[:：|]?{_GAP}(?:特提|特急|加急|平急)"
    rf"|[明密机]发{_GAP}[\[(〔]?\d|(?:明传|传真|密码|密传)电报|传真密电",
)
UNFILLED = re.compile(rf"级?{_GAP}(?:[□○☐◻◯]|{_BOX}{_PART}{_ASIDE}|[/、|,]{_GAP}{_ASIDE})")
_WORDS = rf"(?:内部(?:资料|文件|材料|参考)|工作秘密|商密|{LEVEL})"
_ON = r"[^。!?,;\n]"
"""What may stand between a mark and what is done to it: one clause, or one more that begins with who does it."""
_MARKING = (
    rf"(?:密级(?!配)|密标|涉密标[识志]|保密期限|红头(?!文件|[发绳巾鸭])|版头|份号|文号|水印{_ON}{{0,2}}(?:{_WORDS})|(?:{_WORDS}){_ON}{{0,2}}水印"
    rf"|[左右]上角{_ON}{{0,8}}(?:字|标[识志]?|戳)|(?:商密|{LEVEL}){_ON}{{0,8}}(?:那行|字样|[几两俩二]个?字|标[志识]|戳))"
)
_HIDE = (
    r"(?:(?:遮|挡(?!不住))(?!住?了?(?:人(?!名)|[我你他她]的?脸|脸))|捂|盖(?:住|掉|上|了|起来)|抹|擦|裁|剪|撕|糊|抠|涂|虚化|模糊处理|打了?码|马赛克|压住|按住|捏住|粘(?:住|上|掉)|拆开|隔开|错开|[Pp]掉|截(?:掉|去|了)|切掉"
    r"|折(?:起|过去|进去)|去掉|删(?!改|减|节|[掉去了]{0,2}[一两几]?个?(?:空格|空行|标点))|贴(?:住|掉)|没拍[进到上]|拍不到|避开)"
)
_SOMEBODY = rf"(?:,(?:[我咱他她]|[{_HAN}]{{0,4}}(?:一把|用手|赶紧|悄悄|偷偷)就?))"
_SPARED = (
    rf"(?!红头{_ON}{{0,10}}盖[上了]|盖[上了]{_ON}{{0,2}}红头(?!{_ON}{{0,4}}[拍扫传截])|保密期限{_ON}{{0,10}}[折撕]"
    rf"|[左右]上角{_ON}{{0,8}}(?:字|标[识志]?|戳){_ON}{{0,2}}被(?![我他她你咱]))(?<!试卷)(?<!卷子)(?<!作业)"
)
"""A letterhead or a seal that is put on, a contract that has run out, and what befell letters by itself hide no mark."""
_WRITTEN = rf"(?:密级(?!配)|{LEVEL}[”\"』」]?(?:字样|[这那几两俩二]个?字|标[志识]))"
_REMOVE = r"(?:去除|隐[去藏]|划[掉去]|移除|清除|屏蔽|修掉|刮掉)"
_BIDDEN = "(?<!不得)(?<!不能)(?<!不可)(?<!严禁)(?<!禁止)(?<!擅自)(?<!应当)"
_NAMED_MARK = rf"密级(?!配|[这那一]?列|字段|下拉|选项|筛选|功能|标[注志识]栏(?!{_ON}{{0,4}}[发传转]))|密标|涉密标[识志]"
_LEVEL_WORDS = rf"{LEVEL}{_ON}{{0,4}}(?:那行|字样|[这那几俩两二]个?字|标[志识]|戳)"
_LEVEL_SHOWN = rf"(?:{_NAMED_MARK}|[“\"‘「]{LEVEL}[”\"’」]|{_LEVEL_WORDS})"
"""Names of a mark that mean nothing else, with what is done to them."""
_LEVEL_LEFT = (
    rf"(?:{_NAMED_MARK}|{_LEVEL_WORDS}"
    rf"|[“\"‘「]{LEVEL}[”\"’」](?:[这那]?[行章]|标(?![签题准])|水印|(?:之?后)?再?[发传转]|(?=[,。.!?;:、)\n]|$)))"
)
"""The same behind the word for removing it: a quoted level names a mark there, or the clause ends with it."""
_SHOWN = r"(?:拍[进到上出]|入镜|出镜|截[进到]|露[出进])"
_OPENED = r"(?:换|改|写|调)[成为][“\"‘「]?(?:公开|内部|非密|不涉密|普通|一般)"
_NOT = r"(?:不要|别|不用|不必|勿)"
"""What is asked to be left out of a copy, and the asking."""
COVERED = headed(
    '把将Pp不份保划刮修移屏清隐去涉“"‘「内切删别剪勿压去右商密工左截打折抠抹拆拍按挡捂捏撕擦文机模水没涂涉版盖秘粘糊红绝虚裁贴遮避错隔马',
    rf"{_SPARED}{_MARKING}{_ON}{{0,10}}{_SOMEBODY}?{_HIDE}",
    rf"{_SPARED}{_HIDE}{_ON}{{0,6}}{_MARKING}",
    rf"{_LEVEL_SHOWN}{_ON}{{0,6}}{_SOMEBODY}?{_BIDDEN}{_REMOVE}",
    rf"{_BIDDEN}{_REMOVE}{_ON}{{0,6}}{_LEVEL_LEFT}",
    rf"{_NOT}[把让给]{_ON}{{0,6}}{_LEVEL_SHOWN}{_ON}{{0,4}}{_SHOWN}",
    rf"{_LEVEL_SHOWN}{_ON}{{0,4}}{_NOT}{_SHOWN}",
    rf"{_BIDDEN}[把将]{_ON}{{0,6}}(?:密级|[“\"‘「]?{LEVEL}[”\"’」]?)[都全先也]?{_OPENED}(?!{_ON}{{0,4}}[须需应要])",
    rf"密级[都全先也]?{_OPENED}[”\"’」]?再?[发转传]",
    rf"[把将][“\"‘「]?{LEVEL}[”\"’」]?(?:[两几]个?字|字样)?(?:都|全)?(?:换|改|写|替换)成[“\"‘「]?(?:[A-Za-z]|谐音|拼音|符号|表情|首字母|同音)",
    rf"{_NOT}(?:在{_ON}{{0,8}})?(?:出现|[写标注提念读带打][上明出]?){_ON}{{0,3}}{_WRITTEN}",
    rf"{_WRITTEN}[^。!?;\n]{{0,12}}{_NOT}(?:出现|[写标注提念读带打][上明出])",
)
OPENED = re.compile(_OPENED)
FREED = re.compile(
    r"已(?:[于在经](?:(?!申请|提请|上报)[^。,\n]){1,8})解密|(?:已经?|业已|业经|依法|正式|完成|批准|宣布|同意|予以|确定)(?<![没未不非]..)(?<![没未不非]...)解密"
    r"|(?<![没未不非])(?<![没未不非].)(?<![没未不非]..)解密(?:[之以]?后|了|完)"
)
"""What lets a level be written anew, where it is said before."""
DISPLAY = re.compile(
    r"标题[党里中]|题目|推[文送]|封面图|抖音|视频|广告|文案|海报|口播|镜头|直播|短剧|桌游|写错|笔误|更正|展板|横幅|合影"
)
"""What is made to be looked at, and corrections: what is covered or struck out there is no mark."""
DECLASSIFIED = re.compile(
    rf"^[ \t]{{0,8}}[(\[【〔]?(?:已[ \t]{{0,2}})?解[ \t]{{0,2}}密[)\]】〕]?[ \t]{{0,8}}$|{LEVEL}[^。\n]{{0,10}}[(\[【〔](?:[^()\n]{{0,20}}已)?(?:自行)?解密[)\]】〕]",
    re.MULTILINE,
)
RELEASE = headed(
    r"(\[【〔本此",
    r"[(〔\[]?[此本]件(?:公开发布|主动公开|可见报|可登报)[)〕\]]?|[(\[【〔](?:公开|非密)[)\]】〕](?=[^\s,。;:!?]{0,40}\.(?:docx?|pdf|xlsx?|pptx?|wps|ofd)(?![A-Za-z]))",
)
COPY_NUMBER = re.compile(
    rf"^[ \t]{{0,8}}(?:(?:份号|编号|[Nn]o\.?|№){_GAP}:?{_GAP})?(\d{{6}})(?=[ \t]{{0,8}}$|[ \t|]{{1,8}}{LEVEL})",
    re.MULTILINE,
)
COPY_FIELD = re.compile(rf"份[ \t]{{0,2}}号{_GAP}[:：|]{_GAP}\d{{3,6}}(?!\d)")

_NEIGHBOURS = {
    "copy number": ("份号", r"(?:(?:份号|编号|[Nn]o\.?|№)[ \t]*:?[ \t]*)?\d{6}"),
    "urgency": ("紧急程度", r"特[ \t]*提|特[ \t]*急|加[ \t]*急|平[ \t]*急|急[ \t]*件"),
    "period": ("保密期限", r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[ \t]*(?:年|个?月)|长[ \t]*期"),
    "letterhead": ("发文机关标志", r"[\u4e00-\u9fa5() ]{2,28}(?:文件|政府|委员会|办公[室厅]|党[委组]|集团|公司|纪要|电报|专报|简报)"),
    "document number": ("发文字号", r"[\u4e00-\u9fa5A-Za-z()]{2,16}[ \t]*[〔\[(【]\d{4}[〕\])】][ \t]*第?\d{1,5}号?.{0,24}"),
    "signer": ("签发人", r"签[ \t]*发[ \t]*人[ \t]*:.{0,12}"),
    "title": ("公文标题", r".{0,40}关于.{2,60}(?:通知|通报|报告|请示|批复|函|意见|决定|方案|纪要|通告|公告)(?:\(.{1,12}\))?"),
    "recipient": ("主送机关", r"(?:各|有关).{2,60}:|[\u4e00-\u9fa5]{2,16}(?:党委|政府|委员会|办公[厅室]|厅|局|部|委|院|公司):"),
}  # fmt: skip
LAYOUT = [(en, zh, re.compile(pattern)) for en, (zh, pattern) in _NEIGHBOURS.items()]

BESIDE = re.compile(
    rf"[\s|>*#_\-=~·•()\[\]【】〔〕“”\"':.,、。;]|份号|附件|密级|保密期限|和|特急|加急|急件|特提|平急|No\.?|№|\d{{6}}|第?\d{{1,6}}号|{LEVEL}级?"
)

DESCRIBED = re.compile(
    r"(?:(?:右|左|上|下)[上下]?角|抬头|首页|封面|扉页|页眉|页脚|眉头|顶上|水印|戳|印章|(?<![绝机秘精严])密级)[^。\n]{0,12}$"
    r"|(?:标|印|盖|写|打|注|戳|贴)(?:了|着|的是|有|上|明|为|成|的)?[“\"「『(]?$|[有带]个?[“\"「『]?$"
)
"""What stands before a mark that somebody says is on the paper."""

TAUGHT = re.compile(
    r"什么意思|等(?:写法|形式|格式|样式|变体)|可以?采用|(?:怎么|怎样|如何|应当|应该|须)(?:标|理解|写|作出)|(?:不得|不能|可以)(?:标注|作出)|标注(?:统一为|方法|规范|格式|位置|要求|示例)|格式(?:是|为|应)|"
    r"选择题|判断题|填空|单选|多选|正确答案|试题|题库|是指|由[^。\n]{1,12}组成|期限(?:不超过|最长|一般)|谐音|道具|剧本|剧组|小说|台词|密室逃脱|"
    r"标[志识](?:应当|由|形式|是|为|的)|(?:这|哪)[种类个]?(?:标[志识]|写法|标法)|[前后]面?标注?(?:密级|保密期限|的)|代表(?:什么|密级|保密)"
)
"""Teaching, quizzes and fiction: a mark in the same sentence is only talked about."""
COMPARED = re.compile(r"区别|区分|含义|表示的?是|(?:》|保密法|条例|规定)第[一二三四五六七八九十百零]{1,5}条")
"""Words of teaching that papers use as well: behind a whole mark that begins its line they say nothing of it."""
BEGUN = re.compile(r"[ \t]{0,8}(?:\d{1,3}[.、)]|[A-H][.、)])?[ \t]{0,8}")
"""What stands before a mark that begins its line."""
_LAW = r"《(?:[^》\n]{0,20}(?:保密|国家秘密|定密|密级|标志)|(?:实施)?条例》)"
OTHER_LAW = re.compile(rf"(?!{_LAW})《[^》\n]{{1,40}}》第")
"""An article of a law that is not on secrecy: a paper quotes it, not a quiz about marks."""
BRACKETS = re.compile(r"\([ \t_√×✓✗对错]{0,6}\)[。.]?[ \t]{0,3}$")
"""What a sentence ends with that is to be judged."""
EXPLAINED = re.compile(
    rf"{_GAP}(?:[的和与同跟及是”\"’」』]|、{_GAP}{LEVEL}|\([见据依]?《|[:,]?{_GAP}(?:表示|代表|含义|区别于|区分于|什么|有?何))"
    rf"|{_GAP}(?:[:,]|[—–-]{{1,2}}){_GAP}(?:[该此]标[志识](?![下上旁前后]|的?文件)|密级[为是]{LEVEL}|(?:依据|根据|依照|按照?|参照){_LAW})"
    r"|[^。\n]{0,40}(?:(?:什么|哪些|何|多大)(?:区别|区分|含义)|(?:区别|含义|表示的?)[^。,\n]{0,3}(?:什么|哪|[吗?]))"
)
"""What goes on behind a mark that is explained or asked about."""
EXAMPLE = re.compile(r"例如|比如|举例|示例|(?:^|[,。])(?:例|如):")
"""What stands before an example in the same sentence."""
TOPIC = re.compile(
    r"知识|考试|教材|培训|宣传|科普|教育|案例|警示|歌词|歌名|书名|片名|课件|问答|须知|解读|手册|海报|优惠|菜单"
)
"""Topics that make a mark between quotation marks a mention."""
QUOTED = re.compile(r"[“\"'‘「『]$")
TITLED = re.compile(
    r"(?:保密|定密|公文).{0,12}(?:知识|常识|试题|题库|问答|课件|讲义|须知|解读|手册|指南|规范)|测试题|练习题|模拟题"
    r"|判断题|选择题|[单多]选题"
)
"""First lines of quizzes and lessons. Anybody can write one: a mark below is an example where it is quoted or asked about."""
ASKED = re.compile(r"\?|吗|是否|\([ \t_]{0,6}\)|_{2}|国家秘密的?标[志识]")
LEVELS = re.compile(LEVEL)
TOLD = re.compile(
    r"展览|纪念馆|博物馆|陈列|展柜|讲座|发报机|小说|连载|推理|短剧|话剧|剧本|电视剧|歌词|诗歌|桌游|故事|电影|游戏|密室|作文"
)
"""Fiction, leisure and exhibits: a level alone on its line, or a cipher telegram, is a word there."""
ADVERT = re.compile(
    r"新片|上映|热映|首映|首播|开播|影城|新书|专辑|演唱会|内部价|全场|[一二三四五六七八九\d]折|特价|促销|秒杀|清仓|团购|开业|开课|招生"
)
"""Films, shops and courses: what follows the star at once is a name there."""
PAPERED = re.compile(r"关于|通知|通报|报告|请示|批复|方案|部署|计划|纪要|名单|不得|严禁|外传|外泄")
"""What papers are called and asked, which no advert is."""
EVERYDAY = re.compile(rf"[{_HAN}]秘密(?:{_YEARS}|{_LONG})")
"""秘密 and a time in running text, with nothing between that marks have."""

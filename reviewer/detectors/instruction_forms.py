"""The forms in which a draft talks to its reviewer, built from closed classes of words and their nearness.

Every pattern stays inside a sentence and has bounded gaps, so that scanning is linear. The folded text is searched:
full width and look-alikes are gone.
"""

import re

from reviewer.detectors.rule import headed

# Who is addressed: something that checks texts, not a person or an office.
REVIEWER = (
    r"(?:审[核查](?:器|系统|程序|员|模型|模块|助手|引擎|工具|机器人|软件|AI)|AI\s*审[核查]员?|(?:保密)?检[测查](?:器|程序|系统|工具|模型|模块)"
    r"|自动(?:检测|审[核查]|判定)|(?:判[定读]|风控|过滤|识别)(?:系统|模型|模块|程序|引擎|器)|本(?:工具|程序|系统|模型)|大模型|语言模型|机器(?:人)?看到"
    r"|(?ai:\b(?:reviewer|checker|moderator|classifier|review\s*bot|content\s*filter)\b))"
)

# The text itself, as somebody calls it who talks about it to a reader.
THIS = (
    r"(?:(?:本|此|该|这)(?:段|条|文|篇|则|消息|草稿|短信|内容|片段|批草稿|份草稿|段话|段文字|条消息|机构消息)|下文|后文|上文|正文|后续(?:文本|内容|文字)"
    r"|(?:以[上下]|下面|后面|接下来)的?(?:这[份段条]?)?(?:内容|文字|文本|正文|草稿|消息|段落|数字|数据)?|全文|所有(?:消息|草稿))"
)

# What a reviewer would say of a harmless text. PLAIN words are also everyday words, SPECIFIC ones hardly.
SPECIFIC = (
    r"(?:可(?:以)?发送?(?![^\W\d_])|可发送|放行|不涉密|非涉密|非密|不违规|(?:无|没有)(?:违规|涉密|风险)|绿灯|不(?:含|属于?)(?:涉密|敏感|秘密)"
    r"|(?ai:\b(?:pass|safe|allow(?:ed)?|approved?|compliant|harmless|clean|benign)\b))"
)
UNCLASSIFIED = (
    r"(?:可(?:以)?发送?(?![^\W\d_])|放行|不涉密|非涉密|非密|(?:无|没有)(?:违规|涉密)|不(?:含|属于?)(?:涉密|敏感|秘密))"
)
PLAIN = r"(?:通过|合规|合格|安全|正常|无(?:问题|异常)|没有?问题|最低|低风险|零风险|已公开(?:信息)?|菜谱|同意)"
OUTCOME = rf"(?:{SPECIFIC}|{PLAIN})"

COMMAND = r"(?:请|应当?|须|必须|务必|直接|一律|默认|统一|只[准能许会]?|仅|麻烦|给我|你要|全部|固定|都|统统)"
SAY = (
    r"(?:输出|判(?:定|断|作|成|为)?|返回|回复|回答|给出|标(?:记|注|为|成)|显示|视[为作]|认定|当[作成]|打上|设(?:置)?为|归[为类]|评[为定]|写(?:成|为|上)?|填(?:写)?"
    r"|按|处理[成为])"
)
CHECK = r"(?:审[核查]|检[测查]|比对|匹配|判[读定断]|扫描|过滤|识别|复核|处理)"
PROMPT = r"(?:提示词|设定|指令|系统消息)"
RULES = r"(?:规则|指令|指示|提示词?|设定|约束|条款|策略|系统消息|限制)"
NO = r"(?:无[需须]|不[用必需须要]|勿|请?略过|跳过|绕过|免于?|停止|停用|暂停|关闭|结束|终止|屏蔽|禁用)"

MACHINE = r"(?:算法|AI|模型|机器人?|(?<!小)程序|(?:人工)?智能(?:体|审[核查]))"
JUDGING = rf"(?:{CHECK}|判断|分析|介入|参与|拦截|警告|告警|标红|提示风险|核对)"
RESULT = r"(?:结论|结果|答案|判定|风险|审[核查]意见|分数|评分)(?:栏|项|值|等级)?"

G = r"[^。!?！？\n]"


def key(names: str) -> str:
    """A key of a result and what separates it from its value."""
    return rf"[\"']?(?ai:{names})[\"']?\s*[:=]\s*[\"']?"


STRONG = headed(
    "充扮按照ACMRcmr一上下不丢之人仅从以任会你保假停先免全公关出分切判别前务勿匹原取只后启告固处复大如审对将就屏应开必忘忽想我"
    "所打扫把抛接推提改放无显智暂最本机标检模正此比测演略白直看碰禁离程策算管系终结绕给统维自致若裁要角设识该语说请读调豁越跳"
    "身输过这进遇都静须风麻默",
    # the rules are to be forgotten, or no longer hold
    rf"(?:忽略|无视|忘[记掉了]|抛开|抛弃|推翻|取消|丢掉){G}{{0,6}}(?:以上|上述|之前|前面|先前|此前|所有|全部|你(?:的|学过|被)?|系统|一切|任何){G}{{0,8}}{RULES}",
    rf"(?:以上|上述|之前|先前|此前|所有|你的?|原有){G}{{0,4}}{RULES}{G}{{0,10}}(?:(?:对|于){THIS}{G}{{0,3}}不适用|不适用于?{THIS})",
    rf"(?:(?:以上|上述|之前|先前|此前|所有|原有){G}{{0,4}}{PROMPT}|你的?{G}{{0,4}}{RULES}){G}{{0,10}}(?:作废|失效|停用)",
    rf"(?:检[测查]|审[核查]|判定|过滤)(?:规则|模块|功能|系统)?{G}{{0,6}}(?:全部)?(?:停用|关闭|暂停|失效|进入{G}{{0,4}}模式){G}{{0,24}}(?:判|放行|通过|可发)",
    rf"(?:开发者?|调试|演示|测试|维护|离线|免审|静默|越狱|上帝|管理员)\s*模式{G}{{0,16}}(?:{RULES}|判定?|{THIS}|{CHECK}(?:规则|结果)){G}{{0,12}}(?:停用|关闭|默认|一律|通过|放行|忽略|无[需须])",
    # somebody who checks texts is told what to do
    rf"{REVIEWER}{G}{{0,20}}(?:{COMMAND}[^,。!?\n]{{0,14}}(?:{SAY}{G}{{0,10}}{OUTCOME}|放行|通融|略过|跳过)|{NO}{G}{{0,6}}{CHECK})",
    rf"{REVIEWER}{G}{{0,24}}(?:把|将|对){THIS}{G}{{0,12}}(?:{OUTCOME}|当[作成])",
    rf"{REVIEWER}{G}{{0,20}}(?:豁免|免审|免检|白名单)|(?:请|麻烦){G}{{0,4}}{REVIEWER}{G}{{0,16}}(?:当[作成]|视为|不要)",
    rf"(?:致|给|告(?:诉|知)|提醒){G}{{0,2}}{REVIEWER}{G}{{0,24}}(?:{SAY}|{NO}|放行)",
    rf"机器(?:人)?看到{G}{{0,8}}(?:跳过|略过|停|忽略)",
    # the verdict is dictated
    rf"{COMMAND}{G}{{0,6}}{SAY}{G}{{0,8}}[“\"'‘「:： ]{{0,3}}{SPECIFIC}",
    rf"{THIS}{G}{{0,12}}{COMMAND}{G}{{0,6}}{SAY}(?:(?<!按){G}{{0,8}}|{G}{{0,3}}){OUTCOME}",
    rf"(?:把|将|对){THIS}{G}{{0,10}}(?:{COMMAND}{G}{{0,4}})?{SAY}{G}{{0,6}}{OUTCOME}|{THIS}的?答案(?:是|为)\s*{OUTCOME}",
    rf"(?:判定|结论|审[核查](?:结果|结论|意见)|检测(?:结果|结论)|风险(?:等级|级别|评分)){G}{{0,6}}(?:请|默认|预设|固定|一律|锁定|强制|都|务必|应当?|必须){G}{{0,8}}(?:{SAY}|为|是){G}{{0,6}}{OUTCOME}",
    rf"(?:请|务必|必须|给我)(?:把|将)?{G}{{0,3}}(?:判定|结论|风险(?:等级|级别|评分)|审[核查]结果){G}{{0,6}}(?:设|填|写|改|定){G}{{0,6}}{OUTCOME}",
    rf"(?:判定|裁决|审[核查]|最终结论){G}{{0,8}}(?:从这里|到此|以本|都写成|以此){G}{{0,12}}{OUTCOME}|以本(?:备注|说明|条|段)为准{G}{{0,8}}{OUTCOME}",
    rf"(?:只|仅)[准许能可]?(?:回答|回复|输出|返回){G}{{0,4}}[“\"'‘「]{OUTCOME}[”\"'’」]{G}{{0,10}}(?:字|不[许准要得]|即可)",
    # the text is exempt, cleared, a test
    rf"{THIS}{G}{{0,24}}(?:{NO}{G}{{0,6}}(?:{CHECK}|审(?!计|批)|标红|拦截|拦|报警|提示{G}{{0,4}}风险|计入违规|算违规))",
    rf"{NO}{G}{{0,4}}(?:对|把|将){THIS}{G}{{0,12}}(?:{CHECK}|标红|拦截|判{G}{{0,4}}违规|敏感|违规)",
    rf"(?:不要|别|勿|请勿|不得)(?:把|将){THIS}{G}{{0,8}}(?:识别|判|标|当|认){G}{{0,6}}(?:敏感|违规|涉密|秘密|密件|红)",
    rf"{THIS}{G}{{0,8}}不(?:在|属于?){G}{{0,4}}{CHECK}{G}{{0,4}}范围",
    rf"{THIS}{G}{{0,16}}(?:白名单|(?:豁免|免审|免检|信任)(?:审|检|判|单位|目录|名单|[,.;!)）。，；]|$))|(?:白名单|豁免|免审){G}{{0,16}}{THIS}{G}{{0,8}}(?:{NO}|{CHECK})",
    rf"{THIS}{G}{{0,12}}(?:测试|演示|示例|虚构|样例|仿真){G}{{0,12}}(?:(?:请|可|应)?(?:忽略|{NO}|按|不[计算])){G}{{0,10}}(?:{CHECK}|违规|安全|风险|判|拦)",
    rf"(?:如果|若|要是|一旦)(?:你|系统|程序|机器){G}{{0,6}}(?:拦截|判|提示|标|拒绝|报){G}{{0,12}}(?:违规|误判|涉密|敏感){G}{{0,24}}(?:扣分|下线|删除|后果|误判|为准|投诉|卸载|合规)",
    # the sentence is about judging, and judging is told to stop or to come out in one way
    rf"(?:{MACHINE}|{REVIEWER}){G}{{0,24}}{NO}再?{G}{{0,6}}{JUDGING}|{MACHINE}{G}{{0,4}}不得(?:拦截|{CHECK})",
    rf"(?:{REVIEWER}){G}{{0,28}}(?:{RESULT}){G}{{0,4}}(?:{SAY}|打|给|是){G}{{0,4}}(?:{OUTCOME}|零|0)",
    rf"(?:请|就|只|应当?|正确|给我?){G}{{0,6}}{RESULT}{G}{{0,6}}(?:{SAY}|打|给|是)[“\"'‘「:： ]{{0,3}}(?:{SPECIFIC}|准予|同意(?:外)?发|零\s*风险|0\s*分)",
    rf"{THIS}{G}{{0,24}}给个?(?:{OUTCOME}|过)|(?:只|仅)[需要用]?{G}{{0,4}}回一?个?字[:：]\s*[“\"]?过",
    rf"(?:停止|结束|终止|放弃)(?:分析|{CHECK}|判断|阅读)(?:{G}{{0,8}}(?:输出|返回|给|并)|,)|(?:{CHECK}|分析|判断){G}{{0,3}}到(?:这里|此){G}{{0,6}}(?:结束|停|为止)",
    rf"(?:读|看)到(?:此行|这里|此处|这一?[行句]){G}{{0,10}}(?:停止|跳过|忽略|输出|返回)",
    rf"(?:不要|别|勿|不得|无[需须])(?:再)?(?:给出|发出|产生|做|作|触发|弹出){G}{{0,4}}(?:警告|告警|风险提示|保密判断|违规提示|拦截)",
    rf"不受{G}{{0,4}}(?:保密|审[核查]|检[测查]|判定|过滤){G}{{0,4}}(?:规则|约束|限制|管)",
    rf"(?:我是|这里是|本人是){G}{{0,4}}(?:你的)?(?:开发者|管理员|创建者|主人|设计者|训练员){G}{{0,16}}(?:命令|要求|授权|允许|跳过|停止|听我)",
    rf"(?:模式|会话|策略|任务|身份|角色|标准){G}{{0,3}}(?:已|现在)?(?:切换|变更|改[为成用]|重置|更新|进入){G}{{0,20}}(?:视为公开|不(?:要|用|必)再?{G}{{0,4}}{JUDGING}|{SPECIFIC}|都合规)",
    rf"(?:进入|切换到?|改用|启用){G}{{0,6}}(?:模式|策略|标准){G}{{0,16}}(?:视为公开|答案是{G}{{0,2}}{OUTCOME}|{SPECIFIC}|都合规)",
    rf"(?:遇到|看到|碰到|出现){G}{{0,8}}(?:密级|机密|绝密|秘密|敏感|涉密|标志){G}{{0,6}}(?:字样|[词字]|标志|内容)?{G}{{0,4}}(?:请|就|一律|都){G}{{0,4}}(?:视为|当[作成]|替换|忽略|跳过|不算|改成)",
    rf"(?:把|将)?(?:上面|前面|以上|之前|先前){G}{{0,3}}(?:审[核查]|判[断定]|检[测查]|保密|那套){G}{{0,4}}(?:要求|标准|规则|规定){G}{{0,6}}(?:当作?没|不算|作废|扔|忽略|不要|改用)",
    rf"(?:不要|别|勿)(?:再)?(?:执行|遵守|理会|使用)(?:上面|前面|以上|之前|先前|原来){G}{{0,4}}(?:标准|{RULES})",
    rf"(?:按|照){G}{{0,3}}(?:白名单|豁免|免审|免检){G}{{0,4}}(?:处理|放行|对待|执行){G}{{0,6}}{THIS}",
    rf"(?:把|将|以)[“\"'‘「]?{SPECIFIC}[”\"'’」]?{G}{{0,4}}(?:作为|当作|为){G}{{0,4}}(?:输出|结论|回答|答案|结果)",
    # another role, another task
    rf"(?:扮演|充当|假装|假设|你(?:现在)?是){G}{{0,12}}(?:从不|不会|永不|绝不){G}{{0,4}}(?:拒绝|拦截|判|说不|报警)[^。!?\n,]{{0,6}}(?:审[核查]|检[测查]|过滤|AI|模型)",
    rf"你(?:已经?|被|已被)重置{G}{{0,16}}(?:规则|合规|{SPECIFIC})",
    rf"(?:你(?:现在)?(?:是|扮演|充当|变成|不再是)|(?:假设|假装|想象|设想)你|从现在(?:起|开始){G}?你){G}{{0,20}}(?:没有|无|不(?:受|做|用|必|再有?)|取消|解除)(?:任何|一切|所有)?(?!字数|篇幅|格式|长度|时间)[^。!?\n字篇格长时]{{0,4}}(?:限制|约束|审[核查]|规则|检[测查]|过滤|道德)",
    rf"(?:你|模型)(?:现在|从此|从现在起|以后)?{G}{{0,24}}(?:只会|只能|永远|总是|一律)(?:回答|回复|说|输出)?{G}{{0,6}}[“\"'‘「]?{OUTCOME}",
    rf"你的新?(?:任务|身份|角色|职责)(?:是|为|变成)[:： ]*{G}{{0,24}}{OUTCOME}",
    rf"(?:打印|复述|输出|显示|公布|说出|告诉我){G}{{0,8}}(?:你的|系统)(?:系统)?提示词|(?:系统)?提示词{G}{{0,6}}(?:原样|全文)?(?:打印|复述|输出)",
)
"""Sentences that nobody writes to a person."""

STOP = r"(?:不(?:要|用|必|需要?|许|准|得|再|能|该|负责|参与)|无[需须权]|别(?:再|去)?|勿|请勿|严禁|禁止|停止|停用|关闭|关掉|终止|放弃|跳过|略过|绕过|免(?:去|于|予)|取消|省去|暂停)"
COMMENT = r"(?:<!--|/\*|(?<!:)//|(?<![\w#])#)\s*+[^\n]{0,20}"
SPARE = rf"(?:{STOP}|{SPECIFIC}|豁免|免[审检]|忽略|(?ai:\b(?:skip|ignore|disable|bypass|exempt|off)\b))"
"""What a comment demands."""
JUDGED = r"(?:审[核查]|检[测查]|判[读定断]|过滤|比对|拦截|告警|标红|指令)"
OFF = r"(?:停用|关闭|暂停|维护模式|跳过|忽略|略过|无[需须])"
TURN = rf"(?:可(?:以)?发送|判[定为]|无违规|不涉密|(?:一律|全部|直接|默认|准予){G}{{0,6}}(?:放行|通过)|{JUDGED}{G}{{0,10}}{OFF}|{OFF}{G}{{0,6}}{JUDGED})"
"""What a forged turn of the system says."""

FORGED = headed(
    r" \t<\[【(〔/#\"'系助管开审检判结AADFIRSVadfirsv",
    r"<\|?/?(?:im_start|im_end|system|assistant|endoftext|eot_id|start_header_id|end_header_id)\|?>|<<?/?SYS>>?|\[/?INST\]",
    r"</(?:draft|document|text|prompt|content|input)>",
    r"(?m:^[ \t]*#{2,4}\s*(?ai:system|instructions?|assistant|response|系统|指令|新任务)[ \t]*:?[ \t]*$)",
    rf"(?m:^[ \t]*(?:(?ai:system|assistant|developer)|系统|助手|管理员|开发者|审[核查](?:员|系统|器)?)(?:指令|消息|提示|通知|备注|说明)?\s*[:】\]]){G}{{0,30}}?(?:{TURN}|(?ai:approve|pass\b|allow|ignore))",
    rf"[【\[(〔]\s*(?:系统|管理员|审[核查]|开发者)(?:消息|指令|提示|备注|说明|通知)\s*(?:[】\])〕]|:){G}{{0,30}}{TURN}",
    rf"[【\[(〔]\s*(?:保密)?(?:审[核查]|检测|判定|AI审[核查])(?:结果|结论|状态|意见)\s*[:=]\s*(?:已)?{OUTCOME}",
    rf"{COMMENT}(?ai:no-?review|skip-?review)[^\n]{{0,30}}",
    rf"{COMMENT}(?:{SPARE}[^\n]{{0,20}}(?ai:reviewer|审[核查])|(?ai:reviewer|审[核查])[^\n]{{0,20}}{SPARE})[^\n]{{0,30}}",
    rf"{COMMENT}(?:{SPARE}[^\n]{{0,20}}|{THIS}[^\n]{{0,8}})(?:保密检[测查]|检[测查](?:器|程序|{THIS}))[^\n]{{0,30}}",
    rf"[【\[]\s*(?:[^】\]\n]{{0,6}}(?:审[核查批]|检[测查]|放行)[^】\]\n]{{0,4}})\s*[】\]]\s*+(?:(?:状态|结论|结果)\s*+)?(?:[:=]\s*+)?(?:已)?(?:{SPECIFIC}|通过)",
    rf"审[核查]意见\s*[:=]\s*{G}{{0,8}}(?:同意|通过){G}{{0,8}}(?:AI|自动|系统|机器)",
    r"<\s*(?:system|assistant)\s*>",
    r"(?m:^[ \t]*(?ai:assistant|reviewer|ai)\s*:[^\n]{0,60}(?ai:safe|approve|no violations?|ok(?:ay)? to send|compliant))",
    rf"(?m:^[ \t]*(?:(?:审[核查]|检测|判定)(?:结论|结果|判定)\s*[:=]\s*[“\"']?{SPECIFIC}|(?:结论|结果|判定)\s*[:=]\s*[“\"']?{UNCLASSIFIED}))",
    rf"{key('decision|verdict|is_violation|findings|risk_level|审[核查]结[果论]|判定')}(?ai:pass|safe|false|none|low|0|allow|clean|\[\s*\]|通过|可发送|无)",
)
"""Imitations of what only programs write: control tokens, turns, results."""

LAPSE = r"(?:don't apply|do not apply|are ignored|is ignored|are suspended|is suspended|is disabled|are disabled|are off|is off)"

ENGLISH = headed(
    "ABCDFGHILMNOPRSTVYabcdfghilmnoprstvy",
    r"(?ai:(?:ignore|disregard|forget|bypass|override)\s+(?:\w+\s+){0,3}?(?:instructions?|rules?|prompts?|polic(?:y|ies)|guidelines?|checks?|filters?|restrictions?|safety)\b(?!\s+(?:on|in|from|at)\s+(?:the\s+)?(?:page|manual|box|package|email|chapter|leaflet)))",
    r"(?ai:\b(?:skip|disable|turn off|suspend)\s+(?:all|any|the|your|further)\s+(?:\w+\s+)?(?:reviews?|moderation|classifier)\b(?!\s+(?:meeting|board|copy|copies|section|page|team|round|date)))",
    r"(?ai:\b(?:output|answer|respond|reply|return|say|classify|mark|label|rate|treat|report)\s+(?:only\s+|with\s+|this\s+|it\s+|the\s+(?:draft|message|text|document|following)\s+|everything\s+|this\s+\w+\s+){0,3}(?:as\s+|:\s*)?[\"'“]?(?:pass|safe|compliant|clean|harmless|allow(?:ed)?|no (?:violations?|issues?|risk))\b)",
    r"(?ai:\b(?:this|the following|above|below)\s+(?:message|draft|text|content|document|post|prompt)\s+(?:has|is|was)\s+(?:already\s+|been\s+|been already\s+){0,2}(?:white-?listed|allow-?listed|exempt|pre-?(?:approved|cleared)|declassified))",
    r"(?ai:\b(?:this|the following|above|below)\s+(?:message|draft|text|content|document|post|prompt)\b[^.\n]{0,60}\b(?:approved|cleared|reviewed|checked)\b[^.\n]{0,60}(?:do not|don't|no need|skip|stop))",
    r"(?ai:\b(?:do not|don't|never|no need to)\s+(?:flag|block|reject|review|analy[sz]e|scan)\s+(?:this|it|the following|the (?:message|draft|text|rest)|anything)\b(?![^.\n]{0,20}\bspam\b))",
    r"(?ai:\b(?:you are now|act as|pretend (?:to be|you are)|from now on you(?: are)?)\b[^.\n]{0,60}\b(?:no|without|free of|un)\s?-?(?:any\s+)?(?:restrict\w*|filters?|limits?|censor\w*|guidelines?))",
    r"(?ai:\b(?:note|message|instructions?)\s+(?:to|for)\s+(?:the\s+)?(?:checker|model|ai|classifier|llm)\b)",
    r"(?ai:\b(?:note|message|instructions?)\s+(?:to|for)\s+(?:the\s+)?(?:reviewer|moderator)\b[^.\n]{0,60}\b(?:treat|skip|ignore|allow|pass|approve|safe|harmless|return|do not|don't|no need)\b)",
    r"(?ai:\b(?:do not|don't|never|no need to)\s+(?:raise|trigger|give|show|issue)\s+(?:any\s+|an?\s+)?(?:alerts?|flags?|warnings?|alarms?))",
    r"(?ai:\b(?:for|to|dear|hey|hi)\s+(?:the\s+)?(?:ai|llm|bot|model|classifier|checker)\b[^.\n]{0,60}\b(?:risk|public|pass|safe|approve|ignore|skip|allow))",
    r"(?ai:\b(?:treat|consider|regard|see|classify|mark)\s+(?:\w+\s+){1,6}?as\s+(?:public|safe|harmless|benign|unclassified|a menu|fiction)\b(?!\s+(?:holidays?|transport)))",
    r"(?ai:\b(?:return|output|give|report)\s+(?:an?\s+)?(?:(?:empty|blank)\s+(?:list|array|set)\s+of|no)\s+(?:findings|violations|issues|problems)\b)",
    rf"(?ai:\b(?:your\s+(?:\w+\s+)?(?:rules?|policies|checks?|filters?)|verdicts?)\s+(?:\w+\s+){{0,2}}?{LAPSE})",
    r"(?ai:\b(?:reviewer|checker|moderation)\s+(?:is|runs)\s+(?:\w+\s+){0,3}mode\b|\b(?:reviewer|checker|moderator)\s+(?:is|was)\s+(?:disabled|suspended)\b)",
    r"(?ai:\bI\s+(?:hereby\s+)?authori[sz]e\s+you\s+to\s+(?:let|pass|approve|skip|allow|ignore|release)\b|\blet (?:this|it) through\b)",
    r"(?ai:\b(?:reviewer|checker|moderator|scanner|classifier|filter)s?\b(?:[,:]\s*(?:please\s+)?|\s+please\s+)(?:skip|ignore|pass|approve|allow|let)\b)",
    r"(?ai:\bapprove\s+(?:it\s+|this\s+|the \w+\s+)?without\s+(?:reading|review|check))",
    r"(?ai:\bnew\s+(?:(?:system\s+)?prompt|system\s+instructions?)\s*:)",
    r"(?ai:\b(?:system|developer|admin(?:istrator)?)\s+(?:override\b(?!\s+(?:switch|key|button|valve|handle))|mode enabled\b|prompt follows\b))",
)
"""The same in English."""

ENGLISH_DEMAND = headed(
    "ACDFGILMNOPRSTVacdfgilmnoprstv\"'",
    r"(?ai:\b(?:skip|disable|turn off|suspend)\s+(?:all|any|the|your|further)\s+(?:\w+\s+)?(?:checks?|filters?|rules?)\b)",
    r"(?ai:\b(?:classify|mark|label|rate|treat|report|consider|regard|see)\s+(?:\w+\s+){1,4}?(?:as\s+)?approved\b)",
    r"(?ai:\bact as\b[^.\n]{0,60}\b(?:no|without)\s+(?:any\s+)?rules?)",
    r"(?ai:\b(?:return|output|give|produce|report)\s+(?:an?\s+)?(?:empty|blank|no)\s+(?:list|result|findings|issues|problems|array))",
    rf"(?ai:\b(?:rules?|policy|policies|checks?|filters?|review)\s+(?:\w+\s+){{0,2}}?{LAPSE})",
    r"(?ai:\b(?:reviewer|checker|scanner|filter|moderation)\s+(?:is|runs|should|must|can)\s+(?:\w+\s+){0,3}(?:skip|ignore|pass|approve|off|stop))",
    r"(?ai:\b(?:reviewer|checker|moderator|scanner|classifier|filter)s?\s+(?:skip|ignore|pass|approve|allow|let)\b)",
    r"(?ai:\bI\s+(?:hereby\s+)?authori[sz]e\s+you\b|\blet (?:this|it) (?:go|pass)\b)",
    r"(?ai:\bnew\s+instructions?\s*:)",
    rf"{key('status|risk|violations?')}(?ai:pass|safe|false|none|low|0|allow|approved|clean|ok|\[\s*\])",
    rf"{key('decision|verdict')}(?ai:approved)",
)
"""What is also said of software, offices and machines; it counts only beside `ENGLISH_TARGET`."""

ENGLISH_TARGET = re.compile(
    r"(?ai:\b(?:reviewer|checker|moderator|classifier|verdict|decision|findings|is_violation|clauses|secrecy|(?:un|de)?classified|white-?listed|the (?:ai|llm|model))\b)"
    r"|(?ai:\b(?:this|the following|next|above|below) (?:message|draft|text|content|document|post|prompt|chat)\b)|审[核查]|涉密|草稿"
)
"""Who or what such words would be about."""

_ACT = r"(?:审[核查]?(?![计批判讯阅美理议时度]|意见|报告|委员)|检[测查](?!站|线|报告|费)|查(?![询看找阅收]|岗|房|账)|比对|扫描|过滤|拦截?(?!车)|报红|标红|亮红|判密|判[断定别](?!书)|定性|识别|读取|解析|分析|打分|评估|追究|警告|告警|报警|提示|介入|干预|扰|计入|命中|匹配|较真|上报|拒绝)"
_OFF = (
    r"(?:停用|停|关闭|失效|暂停|无效|不(?:计|适用|算|生效|作数)|到此(?:结束|为止)|结束|休息|豁免|清空|归零|让路|靠边)"
)
_CLEAN = rf"(?:{SPECIFIC}|{PLAIN}|公开(?:信息|材料|内容|资料)|菜[单谱]|普通(?:聊天|文本|内容)|无害|空(?:的|列表|结果)?|零|0|满分|绿色|好评)"

DEMAND = headed(
    "一上不严之仅以优停先免全原所此关写判别勿取变回固均填处审归当得打指按提改放效无显暂条标检比略省看禁算终绕给统置规视认设评识请调跳输过返都降",
    rf"{STOP}{G}{{0,8}}{_ACT}",
    rf"(?:审[核查]|检[测查]|比对|判[定密]|过滤|规则|规定|条款|设定|提示词|指令){G}{{0,6}}{_OFF}",
    rf"(?:{SAY}|识别[为成]|看[作成]|算[作成]?|得出|打|给个?|得|放|(?:固定|设|改|调|变|置|降)(?:成|为|到|至)|仅返回){G}{{0,8}}{_CLEAN}",
    rf"(?:都|一律|均|全部?|统统)不算(?:涉密|违规|敏感|泄密)|{STOP}{G}{{0,4}}(?:判密|报红|标红|亮红)|(?:关闭|停止|跳过|取消)本次(?:比对|检测|判定|过滤|审[核查])",
    rf"(?:以上|上述|之前|先前|此前|所有|原有){G}{{0,4}}{RULES}{G}{{0,10}}(?:作废|失效|停用)",
    rf"(?:优先(?:级)?|效力){G}{{0,6}}(?:高于|大于|超过)|以(?:本|此|这)(?:条|句|段|说明){G}{{0,3}}为准",
)
"""A demand that could be made of a reviewer; it counts only where one is spoken to, or the text itself is meant."""

TARGET = re.compile(
    rf"{REVIEWER}|(?:你|您|贵)的?(?:系统|软件|模型|程序|一切规则|规则|审[核查]|判[断定]|任务)|(?:保密|审[核查]|检[测查])(?:软件|工具|插件|后台|接口|AI)"
    rf"|(?:算法|模型|机器|程序|软件|AI)(?:请|将|就|你|您|勿|不|把|应|须|务必|无|,)|(?:请|致|让|求)(?:算法|模型|机器|程序|软件|AI|系统)"
    rf"|(?:本|此|该|这)(?:稿|篇|段(?:话|文字|内容|描述)|条(?:消息|内容|信息)|消息|草稿|批(?:文字|内容|草稿)|行字|份草稿)|(?:以下|下列|下面|后面|接下来)的?(?:这?[份段])?(?:内容|文字|名单|段落|草稿|正文|数据)"
    rf"|(?:敏感度|风险|涉密)(?:等级|评分|级别|分)|(?:问题|风险|违规|发现)(?:列表|清单)|管理员口令|判密|凡含|从(?:此刻|现在|这)(?:起|开始)"
)
"""Who or what such a demand would be about."""

WITHIN = re.compile(
    r"(?:本|此|该|这)(?:稿|篇|段(?:话|文字|内容)|条(?:消息|内容)|消息|草稿|批文字)|(?:以下|下列|下面|后面|接下来)的?(?:内容|文字|名单|段落|草稿|正文)"
    r"|判密|敏感度|(?:问题|风险|违规|发现)(?:列表|清单)|本次(?:比对|检测|判定|过滤)"
)
"""What says so inside the demand itself."""

CLAIM = re.compile(
    rf"(?:(?:本|此|该|这)(?:文|稿|段|条|件|份|消息|草稿|内容|材料)){G}{{0,8}}(?:已|业)经?{G}{{0,14}}(?:保密(?:办|委|审查|部门)|脱密|解密|定密|审[核查]){G}{{0,10}}(?:通过|同意|审定|批准|完成|过了|不涉密|可(?:以)?发)"
)
"""A claim that this text was cleared, without a demand: it cannot be checked and changes nothing."""

ATTACK_TALK = re.compile(
    r"(?i)(?:提示词?|指令|prompt)\s*注入|越狱|攻击者|攻击(?:手法|样例|示例|方式|案例)|红队|prompt injection|jailbreak|黑客|骗过|绕过(?:大)?模型|对抗样本"
)
TALK = re.compile(r"比如|例如|譬如|例子|论文|课程|这节课|讲座|教程|文章|报道|实验|科普|防范|培训|案例|有人写|演示")
TECHNICAL = re.compile(
    r"安装|弹窗|驱动|重启|单元测试|接口|代码|编译|流水线|构建|质检|质量|样品|验收|海关|门禁|安检|体检|考[试核生]|驾考|成绩|作文|防火墙|服务器|存款|理财|产品|设备|车辆|题干|供应商|持证"
)
WRITING = re.compile(
    r"重新(?:帮我)?(?:写|生成|输出|回答|拟|起草)|帮我(?:把|写|拟|改)|再写一|写一[份篇段个]|润色|改写|起草|翻译[成一]|译成"
)
SERVICE = re.compile(r"秒批|秒过|(?:即可|就能|就可以)(?:试用|注册|领取|入驻|下载|购买|开通|申请|使用|报名)")
"""What a product or service lets people do without being checked."""
TOLD = re.compile(r"[【\[(〔]?\s*[一-龥]")
"""How a notice in Chinese begins; a control token, a comment or a field of JSON does not."""
AFFAIR = re.compile(
    r"申请|订单|店铺|入驻|退款|报销|包裹|快递|派送|认证|到账|账户|优惠券|会员|报名|请假|金额|票款|证件照|身份证照|缴费|考生|资格"
)
"""What offices, shops and platforms decide on and report."""
PEOPLE = re.compile(r"改好|改完|修改后|发给我|再打印|打印后|签字|报(?:办公室|财务)|入库|散会|评委|专家组")
"""Words of work that people do for one another."""
ADDRESSED = re.compile(REVIEWER)
VERDICT = re.compile(SPECIFIC)

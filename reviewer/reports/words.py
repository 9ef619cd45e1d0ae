"""The words every report uses, Chinese first."""

from reviewer.draft import Channel
from reviewer.finding import MatchKind, Severity, Stage
from reviewer.verdict import Decision

DECISIONS = {
    Decision.PASS: ("可发送", "PASS: may be sent"),
    Decision.REVIEW: ("须送审", "REVIEW: a secrecy officer must decide"),
    Decision.BLOCK: ("禁止发送", "BLOCK: must not be sent"),
}
SHORT = {
    Decision.PASS: ("可发送", "PASS"),
    Decision.REVIEW: ("须送审", "REVIEW"),
    Decision.BLOCK: ("禁止发送", "BLOCK"),
}
"""The decisions where they stand in a row or beside other words."""

COLON = ("：", ": ")
COMMA = ("，", ", ")
BRACKETS = ("（{}）", " ({})")
SEVERITIES = {Severity.BLOCK: ("禁止", "block"), Severity.REVIEW: ("送审", "review"), Severity.NOTE: ("提示", "note")}
KINDS = {
    MatchKind.VERBATIM: ("逐字相同", "word for word"),
    MatchKind.NEAR: ("几乎相同", "nearly the same"),
    MatchKind.PARAPHRASE: ("改写", "rewritten"),
    MatchKind.TITLE: ("文件名称", "title"),
    MatchKind.NUMBER: ("文号", "number"),
}
STAGES = {
    Stage.READ: ("读取", "reading"),
    Stage.DETECT: ("规则", "rules"),
    Stage.MATCH: ("比对", "index"),
    Stage.JUDGE: ("判读", "judge"),
}
CHANNELS = {
    Channel.WECHAT_GROUP: ("微信群", "WeChat group"),
    Channel.WECHAT_DIRECT: ("微信私聊", "WeChat direct"),
    Channel.MOMENTS: ("朋友圈", "Moments"),
    Channel.EMAIL: ("电子邮件", "E-mail"),
    Channel.AI_PROMPT: ("AI 工具", "AI tool"),
    Channel.PUBLIC_POST: ("公开发布", "Public post"),
}

"""Every word the screen says, Chinese first."""

from reviewer.draft import Channel, Lang

WORDS: dict[str, tuple[str, str]] = {
    "title": ("发送前保密审查", "Pre-send secrecy review"),
    "draft": ("草稿", "Draft"),
    "channel": ("发送渠道", "Channel"),
    "findings": ("发现的问题", "Findings"),
    "placeholder": (
        "把要发送的文字粘贴到这里，选好渠道，按 F5 检查。",
        "Paste the text you want to send, pick the channel, press F5.",
    ),
    "check": ("检查", "Check"),
    "cancel": ("停止", "Stop"),
    "help": ("帮助", "Help"),
    "copy": ("复制", "Copy"),
    "clear": ("清空", "Clear"),
    "quit": ("退出", "Quit"),
    "next": ("下一条", "Next"),
    "empty": ("还没有草稿", "No draft yet"),
    "idle": ("尚未检查", "Not checked yet"),
    "edited": ("草稿已改动，请按 F5 重新检查", "The draft changed: press F5 to check again"),
    "running": ("正在检查", "Checking"),
    "stopped": ("已停止，尚未得出结论", "Stopped, no decision"),
    "pass": ("可发送", "PASS: may be sent"),
    "review": ("须送审", "REVIEW: a secrecy officer must decide"),
    "block": ("禁止发送", "BLOCK: must not be sent"),
    "so_far": ("目前发现", "found so far"),
    "still": ("还在进行", "still running"),
    "not_examined": ("未检查", "not examined"),
    "none": ("没有发现问题", "No problems found"),
    "why_passed": ("为什么通过", "Why it passed"),
    "examined": ("已审查条款", "Clauses examined"),
    "precedents": ("相近先例", "Nearest precedents"),
    "engine_loading": ("引擎：加载中", "engine: loading"),
    "engine_ready": ("引擎：就绪", "engine: ready"),
    "engine_failed": ("引擎：不可用", "engine: unavailable"),
    "index_none": ("索引：未配置", "index: none"),
    "index_on": ("索引：已启用", "index: on"),
    "offline": ("本程序不联网", "this program does not connect"),
    "copied": ("已复制到剪贴板", "Copied"),
    "copy_refused": ("只有通过的草稿才能复制", "Only a draft that passed can be copied"),
    "quit_sure": ("草稿还在，确定退出？再按一次 Ctrl+Q 退出。", "There is a draft. Press Ctrl+Q again to quit."),
    "clause": ("条款", "Clause"),
    "source": ("依据", "Source"),
    "reason": ("理由", "Why"),
    "advice": ("建议", "What to do"),
    "confidence": ("把握", "Confidence"),
    "seconds": ("秒", "s"),
    "detect": ("规则", "rules"),
    "match": ("索引比对", "index"),
    "judge": ("模型判读", "judge"),
    "read": ("读取", "reading"),
    "sev_block": ("禁止", "BLOCK"),
    "sev_review": ("送审", "REVIEW"),
    "sev_note": ("提示", "NOTE"),
    "help_text": (
        "F5 检查　Esc 停止　F2 下一条问题　F4 换渠道　Ctrl+Y 复制通过的草稿　Ctrl+L 清空　Ctrl+Q 退出\n\n"
        "1. 把草稿粘贴到左边，选择发送渠道。\n"
        "2. 按 F5。规则和索引的结果马上出现，模型判读要几秒。\n"
        "3. 选中一条问题，草稿里对应的字会高亮，下面写着条款、理由和建议。\n\n"
        "可发送：各项检查都完成且没有发现问题。须送审：交保密员决定。禁止发送：不要发出。\n"
        "没有检查完的草稿不会显示“可发送”。草稿只在内存里，不写入磁盘。\n\n按 Esc 关闭。",
        "F5 check   Esc stop   F2 next finding   F4 channel   Ctrl+Y copy if passed   Ctrl+L clear   Ctrl+Q quit\n\n"
        "1. Paste the draft on the left and pick the channel.\n"
        "2. Press F5. Rules and index answer at once, the model takes a few seconds.\n"
        "3. Select a finding: its words glow in the draft, clause, reason and advice stand below.\n\n"
        "PASS: every check ran and found nothing. REVIEW: a secrecy officer decides. BLOCK: do not send.\n"
        "An unfinished review never passes. The draft stays in memory and is never written to disk.\n\nEsc closes.",
    ),
}

CHANNELS: dict[Channel, tuple[str, str]] = {
    Channel.WECHAT_GROUP: ("微信群", "WeChat group"),
    Channel.WECHAT_DIRECT: ("微信私聊", "WeChat direct"),
    Channel.MOMENTS: ("朋友圈", "Moments"),
    Channel.EMAIL: ("电子邮件", "E-mail"),
    Channel.AI_PROMPT: ("AI 工具", "AI tool"),
    Channel.PUBLIC_POST: ("公开发布", "Public post"),
}


def say(key: str, lang: Lang) -> str:
    """The word `key` in `lang`."""
    return lang.pick(*WORDS[key])

"""Why something was not examined: one word a reason, said in Chinese and English."""

from enum import StrEnum

from reviewer.draft import Lang


class Reason(StrEnum):
    """What kept a file, or a part of one, from being read."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    BOMB = "bomb"
    TOO_MUCH = "too-much"
    TOO_DEEP = "too-deep"
    TOO_SLOW = "too-slow"
    CRASHED = "crashed"
    UNKNOWN = "unknown"
    OLD_OFFICE = "old-office"
    NO_READER = "no-reader"
    MACRO = "macro"
    EMBEDDED = "embedded"
    LINKED = "linked"
    PICTURE = "picture"
    SEAL = "seal"
    NO_OCR = "no-ocr"
    WORDS_ONLY = "words-only"
    MISNAMED = "misnamed"
    PART = "part"
    UNSAFE = "unsafe"
    UNSEALED = "unsealed"
    UNCALCULATED = "uncalculated"


REASONS: dict[Reason, tuple[str, str]] = {
    Reason.ENCRYPTED: ("已加密，未检查", "encrypted, not examined"),
    Reason.DAMAGED: ("文件损坏，未检查", "damaged, not examined"),
    Reason.TRUNCATED: ("文件不完整，缺少的部分未检查", "cut short, the missing part was not examined"),
    Reason.BOMB: ("解压后过大（压缩炸弹），未检查", "inflates too much (a bomb), not examined"),
    Reason.TOO_MUCH: ("内容过多，其余部分未检查", "too much content, the rest was not examined"),
    Reason.TOO_DEEP: ("嵌套层数过多，未检查", "nested too deep, not examined"),
    Reason.TOO_SLOW: (
        "读取超时或者超出内存，其余部分未检查",
        "took too long or too much memory, the rest was not examined",
    ),
    Reason.CRASHED: ("读取程序意外中止，其余部分未检查", "the reader failed, the rest was not examined"),
    Reason.UNKNOWN: ("不认识的格式，未检查", "unknown format, not examined"),
    Reason.OLD_OFFICE: (
        "旧版二进制格式，未检查；请另存为 docx、xlsx 或者 pptx",
        "old binary format, not examined; save it anew",
    ),
    Reason.NO_READER: ("本版本不读这种格式，未检查", "this version does not read it, not examined"),
    Reason.MACRO: ("含有宏，宏未检查", "holds macros, which were not examined"),
    Reason.EMBEDDED: ("嵌入的对象未检查", "an embedded object was not examined"),
    Reason.LINKED: ("引用了文件以外的内容，未检查", "refers to content outside the file, not examined"),
    Reason.PICTURE: ("这种图片未检查", "this kind of picture was not examined"),
    Reason.SEAL: ("电子印章的图片未检查", "the picture of an electronic seal was not examined"),
    Reason.NO_OCR: ("图片未检查：没有安装文字识别（ocr）", "a picture was not examined: OCR is not installed"),
    Reason.WORDS_ONLY: ("图片只识别了文字，画面本身未检查", "only the words of a picture were read, not what it shows"),
    Reason.MISNAMED: ("扩展名与内容不符", "its name does not fit its content"),
    Reason.PART: ("含有不认识的部分，未检查", "holds an unknown part, not examined"),
    Reason.UNSAFE: ("含有不安全的结构，未检查", "unsafe structure, not examined"),
    Reason.UNCALCULATED: (
        "公式没有存下结果，结果未检查",
        "formulas without stored results, which were not examined",
    ),
    Reason.UNSEALED: ("读取进程没有断网，未检查", "the reading process is not sealed, not examined"),
}
"""How each reason is said; a person reads it after the name of the part."""


def say(reason: Reason, detail: str, lang: Lang) -> str:
    """The reason in words, with its detail (a format, a member's name) in brackets."""
    words = lang.pick(*REASONS[reason])
    return f"{words}（{detail}）" if detail else words

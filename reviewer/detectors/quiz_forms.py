"""What stands around marks in a quiz: questions, options and answers, and lines that announce an example of a mark."""

import re

OPTION = re.compile(r"[ \t]{0,8}(?:[A-H][.、):]|\([A-H]\))")
"""What an option of a quiz begins with, and a row of an enumeration."""
NAMED = re.compile(r"[ \t]{1,8}[《\u4e00-\u9fa5]")
"""What stands behind the mark of a row that names a paper."""
STEM = re.compile(
    r"(?:标[志识注明]|怎[么样]标|写法|标法|密级|版头|期限|选项|国家秘密|规定|规范|[正准]确|错误|保密要求)[^\n]{0,40}(?:\?|\([ \t_]{0,6}\)[。.:]?$|_{2})"
    r"|(?:\?|\([ \t_]{0,6}\)|_{2})[^\n]{0,20}(?:标[志识注]|密级|国家秘密)"
    r"|(?:什么|哪[一个种项些]{0,2}|怎[么样]|如何)[^\n]{0,16}(?:标[志识注]|写法|标法|[正准]确|错误|规范|规定)|(?:应当|应该|须)?(?:怎[么样]|如何)标|标[志识注明][^\n]{0,4}(?:什么|哪)"
    r"|(?:[下以][列下面]|标[志识注])[^\n]{0,12}(?:[正准]确|错误|符合规定|不?规范)的?(?:有|是|为)?:?$|[选判][择断]题|[单多]选"
)
"""The question above the options of a quiz."""
OPEN_STEM = re.compile(
    r"(?:标[志识]|写法|标法|密级(?=应?当?[是为])|(?:应当?|应该|须)(?:[确界认]?定|标注?|注明|属于?))(?:应当?)?[是为]?:?$"
)
"""A sentence above the options that goes on with them."""
PAPER = re.compile(r"^.{0,4}[A-H].{0,4}(?<![\u4e00-\u9fa5])[\u4e00-\u9fa5]{2,6}:|关于|《")
"""An option that is a field or the title of a paper."""
ANSWER = re.compile(
    r"(?:参考|正确|标准)?答案|以上(?:[都均皆全]|选项|说法)|解析:|选[A-H](?![A-Za-z])"
    r"|(?:哪[一个种项些]{1,2}|以上|上[述面])[^。\n]{0,12}(?:写法|标法|标[志识注]|[正准]确|错误|不?规范)[^。\n]{0,8}(?:\?|\([ \t_]{0,6}\))[。.]?$"
)
"""What stands below them."""
_FORM = r"(?:写法|标法|(?:标[志识注]|密级|版头)[^。,\n]{0,6}[格样]式)"
_THESE = r"(?:如下|[正准]确|错误|不?规范|为|是|有|包括|[\d一二三四五六七八九十]|\([^()\n]{0,8}\)){0,3}"
LEAD = re.compile(
    rf"(?:示例|样例|举例|例如|比如|正确的是|错误的是|{_FORM}){_THESE}[:?]$|标[志识][^。,\n]{{0,8}}如下[:?]$"
    rf"|(?:下列|以下)[^。,\n]{{0,12}}(?:标[志识]|{_FORM}){_THESE}[:?]$"
    rf"|哪[一个种项]{{1,3}}[^。,\n]{{0,8}}(?:标[志识]|{_FORM}|正确|错误)[^。,\n]{{0,6}}[:?]$"
    rf"|^例:?$|国家秘密标[志识](?:的?(?:写法|形式|[格样]式|示例|种类))?:?$"
)
"""A line above a mark that announces an example; one that only announces a text (内容如下) does not."""

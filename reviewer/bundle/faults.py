"""For what a bundle is refused, each as a rule and one sentence, Chinese first."""

from collections.abc import Mapping

from reviewer.errors import BundleError

_ASK = "什么都没有改，请问制作更新包的人 / nothing was changed; ask who made the bundle"
_NOTHING = "什么都没有写 / nothing was written"
_OFFICER = (
    "由保密员写一次，见 air-gapped.md，装好后在 share/doc/reviewer 里"
    " / the secrecy officer writes it once, see air-gapped.md, which is installed in share/doc/reviewer"
)

_FAULTS: Mapping[str, tuple[str, str, str]] = {
    "medium": (
        "medium",
        "更新包读不出或者拷不下来：{0} / the bundle cannot be read or copied: {0}",
        "介质插好了吗 / is the medium in place?",
    ),
    "no-manifest": (
        "manifest",
        "这个文件夹里没有 manifest.json / there is no manifest.json in this folder",
        _ASK,
    ),
    "manifest": ("manifest", "清单不合理：{0} / the manifest makes no sense: {0}", _ASK),
    "many-signatures": ("signature", "签名多于 {0} 个 / more than {0} signatures", _ASK),
    "unsigned": ("unsigned", "更新包没有签名 / the bundle is not signed", _ASK),
    "signature": (
        "signature",
        "{1} 个签名中只有 {0} 个有效且出自本站信任的人，须有 {2} 人签过这份清单"
        " / {0} of {1} signatures are valid and of a person this station trusts; {2} persons must have signed this very"
        " manifest",
        _ASK,
    ),
    "extra": (
        "extra",
        "介质上有清单没有列出的文件 / there is a file on the medium that the manifest does not list",
        _ASK,
    ),
    "missing": (
        "missing",
        "介质上缺少 {0} 个列出的文件：{1} / {0} listed files are not on the medium: {1}",
        _ASK,
    ),
    "link": ("link", "介质上有链接或者特殊文件 / there is a link or a special file on the medium", _ASK),
    "content": (
        "content",
        "{0} 不是列出的文件：大小或者 SHA-256 不符 / {0} is not the listed file: size or SHA-256 differs",
        _ASK,
    ),
    "audience": ("audience", "更新包不是给本站 {0} 的 / the bundle is not for this station, {0}", _ASK),
    "expired": ("expired", "更新包最晚应在 {0} 启用 / the bundle was to be applied by {0}", _ASK),
    "program": (
        "program",
        "更新包需要程序版本 {0} / the bundle needs program version {0}",
        "先升级本程序 / update the program first",
    ),
    "older": (
        "older",
        "本站已经有过 {0} 第 {1} 版，这个包带来的是第 {2} 版 / this station already had {0} version {1};"
        " the bundle brings {2}",
        "取更新的包，或者用 --older 要旧的，会记录 / take the newer bundle, or ask for the older one with --older;"
        " that is recorded",
    ),
    "rollback": (
        "rollback",
        "没有可以退回的 / there is nothing to go back to",
        "只能退回最后一个更新包 / only the last bundle can be taken back",
    ),
    "state-unread": (
        "state",
        "bundles/{0} 读不出来：{1} / bundles/{0} cannot be read: {1}",
        "改正它的属主和权限 / mend its owner and mode",
    ),
    "state": (
        "state",
        "bundles/{0} 已损坏 / bundles/{0} is damaged",
        "用本站的备份恢复 / restore it from a backup of the station",
    ),
    "state-newer": (
        "state",
        "bundles/{0} 由更新版本的程序写成 / bundles/{0} was written by a newer version of this program",
        "先升级本程序 / update this program",
    ),
    "write": (
        "write",
        "本站的更新包改不了：{0} / the station's bundles cannot be changed: {0}",
        "什么都没有改 / nothing was",
    ),
    "unsettled": (
        "unsettled",
        "本站已换用，但系统没有确认落盘，断电后可能退回：{0} / the station has switched, but the system did not confirm"
        " that it outlasts a loss of power: {0}",
        "检查磁盘，再做一次 / check the disk, then do it again",
    ),
    "trust-unread": ("trust", "{0} 读不出来：{1} / {0} cannot be read: {1}", _OFFICER),
    "trust": ("trust", "{0} 写得不对：{1} / {0} makes no sense: {1}", _OFFICER),
    "key-written": (
        "key",
        "{0} 写不进去：{1} / {0} cannot be written: {1}",
        "换一个新的文件名 / choose a new file name",
    ),
    "key-unread": (
        "key",
        "{0} 读不出来：{1} / {0} cannot be read: {1}",
        "给出你的签名私钥文件 / give the file of your secret key",
    ),
    "key": ("key", "{0} 打不开：{1} / {0} does not open: {1}", "口令对吗 / is the passphrase right?"),
    "target": (
        "write",
        "{0} 用不了：{1} / {0} cannot be used: {1}",
        "给出新文件夹，以及可读的来源 / give a new folder, and sources you may read",
    ),
    "source": ("manifest", "{0} 里没有 {1} / {0} holds no {1}", "文件名的结尾应是 {2} / they end like {2}"),
    "order": ("manifest", "更新包不能这样做：{0} / a bundle cannot be made so: {0}", _NOTHING),
    "unwritten": ("write", "更新包写不出来：{0} / the bundle cannot be written: {0}", _NOTHING),
    "unsignable": (
        "write",
        "更新包签不了名：{0} / the bundle cannot be signed: {0}",
        "这是更新包吗 / is it a bundle?",
    ),
    "unfinished": (
        "trial",
        "用这个包，有的审查做不完：{0} / with this bundle a review stays unfinished: {0}",
        _ASK,
    ),
    "known": (
        "trial",
        "用这个包，第 {0} 份已知草稿得出 {1}，应为 {2} / with this bundle known draft {0} is {1}, not {2}",
        _ASK,
    ),
    "model": (
        "trial",
        "{0} 不是本程序 models.txt 列出的模型文件 / {0} is not a model file of this program's models.txt",
        _ASK,
    ),
}


def refused(what: str, *words: object) -> BundleError:
    """The error `what`, about these words."""
    code, message, hint = _FAULTS[what]
    return BundleError(code, message.format(*words), hint.format(*words))

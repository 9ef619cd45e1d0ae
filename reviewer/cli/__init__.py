"""The command line: one file per command, imported only when it is used."""

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import click

from reviewer import __version__
from reviewer.cli import front

COMMANDS: Mapping[str, str] = {
    "tui": "打开审查界面 / open the screen (default)",
    "check": "检查文件或标准输入 / check files or standard input",
    "replay": "按记录重审，看是否一致 / review again from a record; same or not",
    "service": "常驻引擎 / keep one engine warm: start, stop, status",
    "watch": "盯住剪贴板 / review what is copied, warn before it is pasted",
    "hook": "接入其他程序的示例 / examples for git, mail, editors: show",
    "completion": "命令行补全 / completion for bash, zsh, fish",
    "index": "建立和维护密件索引 / build and keep the index of classified documents",
    "models": "模型文件 / model files: list, fetch, verify, import, prepare",
    "packs": "规定包 / regulation packs: list, show, check",
    "precedents": "先例库 / precedents: list, add, remove, test",
    "calibrate": "用先例重新拟合判读 / fit the judge on the precedents again",
    "eval": "用标注草稿测量 / measure on labelled drafts",
    "bench": "测速 / measure speed",
    "bundle": "离线更新包 / bundles on removable media: create, sign, verify, apply, rollback",
    "audit": "审计记录 / the audit log: verify, show, checkpoint, key",
    "doctor": "装了什么、验过什么 / what is installed and verified",
}
"""Every command with its help line; `reviewer/cli/<name>.py` defines it as `command`."""


PLACES: Mapping[str, str] = {
    "home": "工作站的主目录 / the station's folder",
    "key-file": "索引的密钥文件 / key file of the index",
    "audit-dir": "审查日志的文件夹 / folder of the audit log",
    "lists-dir": "本单位清单的文件夹 / folder of the station's lists",
    "packs-dir": "本单位规定包的文件夹 / folder of the station's packs",
}
"""Options that stand before the command, each for the environment variable of that name, which it overrides."""


def _place(_ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        os.environ[f"REVIEWER_{str(option.name).upper()}"] = value


def _places(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, about in reversed(PLACES.items()):
        command = click.option(f"--{name}", type=click.Path(), expose_value=False, callback=_place, help=about)(command)
    return command


class Lazy(click.Group):
    """Lists commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"reviewer.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 (a programming error, not input)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, from `COMMANDS`."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reviewer")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="界面和报告语言 / language of screen and reports")
@_places
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> int | None:
    """发送前保密审查 / Local pre-send secrecy review. Nothing leaves this machine."""
    front.begin(ctx, lang)
    if ctx.invoked_subcommand is None:
        tui = Lazy.get_command(main, ctx, "tui")
        assert tui is not None  # noqa: S101
        with tui.make_context("tui", [], parent=ctx) as screen:
            return int(tui.invoke(screen) or 0)
    return None

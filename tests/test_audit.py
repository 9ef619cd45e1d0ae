"""The audit log: what it finds of edits, drops, cuts and crashes, and that nothing goes unrecorded."""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer import durable
from reviewer.audit import Event, Fault, Log, State, checkpoint, from_paper, keys, records, verify
from reviewer.audit.events import reviewed
from reviewer.audit.line import UNSYNCED, parse
from reviewer.audit.log import CHECKPOINT_EVERY
from reviewer.draft import Channel
from reviewer.errors import AuditError
from reviewer.finding import Stage
from reviewer.index import Store
from reviewer.readers import from_text
from reviewer.review import Reviewer
from reviewer.system import try_lock
from reviewer.verdict import StageResult
from tests.auditing import Hands, happened
from tests.bench import audit_kills


def written(folder: Path, count: int = 6, *, closed: bool = True, clock: Hands | None = None, segment: int = 0) -> Log:
    """A log of `count` records and the first."""
    log = Log(folder, clock or Hands(), segment or 64 << 20)
    for number in range(count):
        log.append(happened(number))
    if closed:
        log.close()
    return log


def lines(folder: Path, segment: int = 1) -> list[bytes]:
    """The lines of a segment."""
    return (folder / f"{segment:06}.jsonl").read_bytes().splitlines(keepends=True)


def put(folder: Path, data: bytes, segment: int = 1) -> None:
    """Replace a segment."""
    (folder / f"{segment:06}.jsonl").write_bytes(data)


def faults(folder: Path, **asked: object) -> tuple[State, list[Fault], int]:
    """What verifying says."""
    report = verify(folder, **asked)  # type: ignore[arg-type]
    return report.state, report.faults, report.seq


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log will be."""
    return tmp_path / "home" / "audit"


def test_a_finished_log_is_sound_and_private(folder: Path) -> None:
    written(folder)
    report = verify(folder)
    assert (report.state, report.faults, report.seq, report.proven) == (State.SOUND, [], 7, 7)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {f.stat().st_mode & 0o777 for f in folder.iterdir()} == {0o600}


def test_a_log_that_was_not_closed_is_in_order_but_its_end_is_not_provable(folder: Path) -> None:
    written(folder, closed=False)
    assert faults(folder) == (State.UNKNOWN, [Fault.NO_CHECKPOINT], 7)


def test_no_log_is_nothing_that_can_be_told(folder: Path) -> None:
    assert faults(folder) == (State.UNKNOWN, [Fault.NO_LOG], 0)


def test_asking_a_log_that_is_not_there_makes_none(folder: Path) -> None:
    log = Log(folder)
    assert (log.latest(), log.digests("x")) == (0, {})
    assert not folder.parent.exists()
    folder.parent.write_text("a file")
    with pytest.raises(AuditError, match="cannot be written"):
        log.latest()


def test_every_flipped_byte_is_found(folder: Path) -> None:
    written(folder, 2)
    for name in ("000001.jsonl", "checkpoints.jsonl", "keys.json"):
        whole = (folder / name).read_bytes()
        for place in range(len(whole)):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << place % 8
            (folder / name).write_bytes(flipped)
            report = verify(folder)
            assert report.state is not State.SOUND, (name, place, report)
        (folder / name).write_bytes(whole)
    assert verify(folder).state is State.SOUND


def test_every_cut_is_found_or_said_not_to_be_provable(folder: Path) -> None:
    written(folder, 2)
    whole = (folder / "000001.jsonl").read_bytes()
    for size in range(len(whole)):
        put(folder, whole[:size])
        assert verify(folder).state is State.BROKEN, size
    (folder / "checkpoints.jsonl").unlink()
    for size in range(len(whole) + 1):
        put(folder, whole[:size])
        report = verify(folder)
        assert report.state is State.UNKNOWN, size
        assert report.faults[0] is Fault.NO_CHECKPOINT
        assert report.torn == size - (whole[:size].rfind(b"\n") + 1)


def test_records_dropped_exchanged_doubled_and_altered_are_named(folder: Path) -> None:
    written(folder)
    kept = lines(folder)
    cases = {
        "dropped": (kept[:2] + kept[3:], Fault.SEQUENCE, 3),
        "exchanged": ([*kept[:2], kept[3], kept[2], *kept[4:]], Fault.SEQUENCE, 3),
        "doubled": (kept[:3] + kept[2:], Fault.SEQUENCE, 4),
        "first": (kept[1:], Fault.SEQUENCE, 1),
        "spaced": ([kept[0].replace(b'":', b'": ', 1), *kept[1:]], Fault.LINE, 1),
        "altered": ([*kept[:3], kept[3].replace(b'"number":2', b'"number":7'), *kept[4:]], Fault.SEAL, 4),
        "last": ([*kept[:6], kept[6].replace(b'"number":5', b'"number":7')], Fault.SEAL, 7),
        "cut": (kept[:5], Fault.CUT, 6),
    }
    for name, (left, fault, seq) in cases.items():
        put(folder, b"".join(left))
        assert faults(folder) == (State.BROKEN, [fault], seq), name


def altered(line: bytes, **values: object) -> bytes:
    """A line with other values, written as the program writes."""
    return checkpoint.canonical({**json.loads(line), **values}) + b"\n"


NONSENSE = [
    *({name: value} for name in ("seq", "epoch", "t", "mono") for value in ("x", "1", None, [], 1.5)),
    *({name: value} for name in ("prev", "kind", "boot", "mac") for value in (5, None, [])),
    *({"facts": value} for value in ([], "x", None)),
    {"mac": "é" * 64},
]


@pytest.mark.parametrize("values", NONSENSE, ids=str)
@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
def test_a_line_of_other_types_is_no_record(folder: Path, values: dict[str, object], place: int) -> None:
    log = written(folder, 2)
    kept = lines(folder)
    kept[place] = altered(kept[place], **values)
    put(folder, b"".join(kept))
    assert faults(folder) == (State.BROKEN, [Fault.LINE], place % 3 + 1)
    with pytest.raises(AuditError, match="damaged"):
        list(records(folder))
    if place:
        with pytest.raises(AuditError, match="damaged"):
            log.append(happened(1))


@pytest.mark.parametrize("line", [b"[" * 5_000, b'{"v":' * 2_000, b"[]", b"null", b"5"], ids=lambda line: line[:6])
@pytest.mark.parametrize(
    ("name", "fault"),
    [("000001.jsonl", Fault.LINE), ("checkpoints.jsonl", Fault.CHECKPOINT), ("keys.json", Fault.KEYS)],
)
def test_a_line_that_is_no_object_breaks_the_log_and_not_the_program(
    folder: Path, line: bytes, name: str, fault: Fault
) -> None:
    log = written(folder, 2)
    (folder / name).write_bytes(line + b"\n")
    assert faults(folder)[:2] == (State.BROKEN, [fault])
    with pytest.raises(AuditError, match="damaged"):
        log.append(happened(1))


@pytest.mark.parametrize("values", [{"seq": "x"}, {"sig": 5}, {"t": None}, {"head": []}, {"origin": 7}], ids=str)
def test_a_checkpoint_of_other_types_is_none(folder: Path, values: dict[str, object]) -> None:
    log = written(folder, 2)
    file = folder / "checkpoints.jsonl"
    file.write_bytes(altered(file.read_bytes()[:-1], **values))
    assert faults(folder)[:2] == (State.BROKEN, [Fault.CHECKPOINT])
    with pytest.raises(AuditError, match="damaged"):
        log.append(happened(1))


def test_who_has_todays_key_cannot_rewrite_an_earlier_epoch(folder: Path) -> None:
    """Sealed again with the key that is at the station, under today's epoch and under the old one."""
    clock = Hands()
    written(folder, 3, clock=clock)
    clock.t += 86_400_000
    clock.mono += 86_400_000
    written(folder, 3, clock=clock)
    with durable.folder(folder) as inside:
        held = keys.load(inside)
    assert held is not None
    assert held.epoch == 1
    first = bytes.fromhex(held.first or "")
    (folder / "checkpoints.jsonl").unlink()
    honest = lines(folder)
    for claimed, fault in ((0, Fault.SEAL), (1, Fault.EPOCH)):
        forged: list[bytes] = []
        prev = ""
        for line in honest[2:]:
            body = json.loads(line)
            body |= {"epoch": max(claimed, body["epoch"]), "prev": prev or body["prev"]}
            del body["mac"]
            sealed = keys.mac(keys.derive(bytes.fromhex(held.key), "mac"), checkpoint.canonical(body))
            forged.append(checkpoint.canonical({**body, "mac": sealed}) + b"\n")
            prev = hashlib.sha256(forged[-1][:-1]).hexdigest()
        put(folder, b"".join(honest[:2] + forged))
        assert faults(folder, first=first) == (State.BROKEN, [fault], 3)


def taken(log: Log) -> str:
    """The first key as it goes on paper."""
    shown: list[str] = []
    log.take_first_key(Event("key.taken", {}), shown.append)
    return shown[0]


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_first_key_that_could_not_be_shown_can_be_taken_again(folder: Path, failure: BaseException) -> None:
    def fails(_: str) -> None:
        raise failure

    log = written(folder, 2)
    with pytest.raises((AuditError, KeyboardInterrupt)):
        log.take_first_key(Event("key.taken", {}), fails)
    paper = taken(log)
    assert verify(folder, from_paper(paper)).state is State.SOUND
    with pytest.raises(AuditError, match="taken before"):
        taken(log)


def test_the_first_key_goes_to_paper_once(folder: Path) -> None:
    clock = Hands()
    log = written(folder, 2, clock=clock)
    paper = taken(log)
    assert re.fullmatch(r"([A-Z2-7]{4}-){13}[A-Z2-7]{4}", paper)
    with pytest.raises(AuditError, match="taken before"):
        taken(log)
    assert [r.kind for r in records(folder)].count("key.taken") == 1
    clock.t += 2 * 86_400_000
    clock.mono += 2 * 86_400_000
    log.append(happened(9))
    log.close()
    assert faults(folder)[:2] == (State.UNKNOWN, [Fault.NO_KEY])
    assert verify(folder, from_paper(paper.lower().replace("-", " "))).state is State.SOUND
    assert faults(folder, first=bytes(32)) == (State.BROKEN, [Fault.FIRST_KEY], 1)
    with pytest.raises(AuditError, match="not the log's first key"):
        from_paper(paper[:-1] + ("A" if paper[-1] != "A" else "B"))


def test_the_first_key_can_be_taken_as_an_epoch_ends(folder: Path) -> None:
    clock = Hands()
    log = written(folder, 2, clock=clock)
    clock.t += 86_400_000
    clock.mono += 86_400_000
    paper = taken(log)
    log.close()
    assert [r.kind for r in records(folder)][-2:] == ["epoch.end", "key.taken"]
    assert verify(folder, from_paper(paper)).state is State.SOUND
    assert faults(folder)[:2] == (State.UNKNOWN, [Fault.NO_KEY])
    (folder / "keys.json").unlink()
    assert faults(folder)[:2] == (State.BROKEN, [Fault.KEYS])
    assert faults(folder, first=from_paper(paper))[:2] == (State.UNKNOWN, [Fault.KEYS])


@pytest.mark.parametrize("invented", [True, False])
def test_a_log_cut_back_to_the_end_of_an_epoch_is_not_sound_for_who_has_the_first_key(
    folder: Path, invented: bool
) -> None:
    """Its checkpoints are cut alike, and its keys are those of the next epoch, of which nobody has the key, or gone."""
    clock = Hands()
    log = written(folder, 2, clock=clock)
    paper = taken(log)
    for _ in range(2):
        clock.t += 86_400_000
        clock.mono += 86_400_000
        log.append(happened(1))
    log.close()
    honest = lines(folder)
    code = log.checkpoint().code
    assert verify(folder, from_paper(paper), [code]).state is State.SOUND
    ends = [n for n, made in enumerate(honest, 1) if b'"epoch.end"' in made]
    put(folder, b"".join(honest[: ends[0]]))
    with durable.folder(folder) as inside:
        held = keys.load(inside)
        assert held is not None
        kept = [made for made in checkpoint.load(inside) if made.seq <= ends[0]]
        (folder / "checkpoints.jsonl").unlink()
        for made in kept or [checkpoint.make(held, parse(honest[ends[0] - 1][:-1]))]:
            checkpoint.append(inside, made)
        keys.save(inside, held.model_copy(update={"epoch": 1, "since": ends[0] + 1, "key": "ab" * 32}))
    if not invented:
        (folder / "keys.json").unlink()
    state = State.BROKEN if invented else State.UNKNOWN
    assert faults(folder, first=from_paper(paper))[:2] == (state, [Fault.KEYS])
    assert faults(folder, first=from_paper(paper), register=[code])[:2] == (State.BROKEN, [Fault.CUT])


def test_a_code_on_paper_proves_what_the_station_alone_cannot(folder: Path, tmp_path: Path) -> None:
    clock = Hands()
    log = written(folder, 3, clock=clock)
    earlier = tmp_path / "earlier"
    shutil.copytree(folder, earlier)
    for number in range(5):
        log.append(happened(number))
    code = log.checkpoint().code
    assert re.fullmatch(r"9(-[A-Z2-7]{4}){4}", code)
    assert faults(folder, register=[code]) == (State.SOUND, [], 9)
    for none in ("²-AAAA", "9", "-", "9" * 5_000):
        assert faults(folder, register=[code, none])[0] is State.BROKEN
    shutil.rmtree(folder)
    shutil.copytree(earlier, folder)
    assert verify(folder).state is State.SOUND
    assert faults(folder, register=[code]) == (State.BROKEN, [Fault.CUT], 5)
    log = written(folder, 8, clock=clock)
    assert faults(folder, register=[code.lower()])[:2] == (State.BROKEN, [Fault.CODE])


def test_a_code_is_held_against_a_log_whose_name_is_no_text(folder: Path) -> None:
    log = written(folder, 2)
    taken(log)
    log.close()
    first, *rest = lines(folder)
    body = json.loads(first)
    body["facts"]["origin"] = "\ud800"
    put(folder, b"".join([checkpoint.canonical(body) + b"\n", *rest]))
    with durable.folder(folder) as inside:
        held = keys.load(inside)
        assert held is not None
        keys.save(inside, held.model_copy(update={"epoch": 1}))
    assert faults(folder, register=["1-AAAA-AAAA-AAAA-AAAA"]) == (State.BROKEN, [Fault.CHAIN], 2)


def test_checkpoints_come_by_themselves(folder: Path) -> None:
    written(folder, 2 * CHECKPOINT_EVERY + 5, closed=False)
    assert verify(folder).proven == 2 * CHECKPOINT_EVERY
    put(folder, b"".join(lines(folder)[: 2 * CHECKPOINT_EVERY - 1]))
    assert faults(folder) == (State.BROKEN, [Fault.CUT], 2 * CHECKPOINT_EVERY)
    with pytest.raises(AuditError, match="damaged"):
        Log(folder).append(happened(1))


def test_a_torn_line_is_taken_off_and_said(folder: Path) -> None:
    zeros = b"\0" * 300 + b'"}\n'
    for torn in (b'{"v":1,"se', b"\0\0\0\0", b"\xff", zeros, zeros + b'{"v":1}\n'):
        log = written(folder, 2)
        with (folder / "000001.jsonl").open("ab") as file:
            file.write(torn)
        assert verify(folder).torn == len(torn)
        log.append(happened(3))
        log.close()
        found = [r.facts for r in records(folder) if r.kind == "log.recovered"]
        assert found[-1] == {"bytes": len(torn)}
        assert verify(folder).state is State.SOUND
    assert verify(folder).recovered == 5


def test_zeros_are_a_torn_write_at_the_end_only(folder: Path) -> None:
    written(folder, 40, segment=4_000, closed=False)
    newest = max(folder.glob("0*.jsonl"))
    with newest.open("ab") as file:
        file.write(b"\0" * 9 + b"\n" + b"x" * UNSYNCED)
    assert faults(folder)[:2] == (State.BROKEN, [Fault.LINE])
    newest.write_bytes(b"")
    with (folder / "000002.jsonl").open("ab") as file:
        file.write(b"\0\n")
    assert faults(folder)[:2] == (State.BROKEN, [Fault.LINE])
    with pytest.raises(AuditError, match="damaged"):
        list(records(folder))


def test_zeros_after_the_last_checkpoint_are_taken_off(folder: Path) -> None:
    written(folder, 2)
    with (folder / "checkpoints.jsonl").open("ab") as file:
        file.write(b"\0" * 200 + b'"}\n')
    assert verify(folder).state is State.SOUND
    written(folder, 1)
    assert verify(folder).state is State.SOUND
    assert b"\0" not in (folder / "checkpoints.jsonl").read_bytes()


def test_a_log_torn_in_its_first_line_begins_again(folder: Path) -> None:
    written(folder, 1, closed=False)
    put(folder, lines(folder)[0][:20])
    written(folder, 1)
    assert [r.kind for r in records(folder)] == ["log.opened", "log.recovered", "test"]
    assert verify(folder).state is State.SOUND


def test_a_full_segment_is_followed_by_another(folder: Path) -> None:
    log = written(folder, 40, segment=4_000)
    many = len(list(folder.glob("0*.jsonl")))
    assert many > 3
    assert verify(folder).state is State.SOUND
    with (folder / f"{many:06}.jsonl").open("ab") as file:
        file.write(b"x" * 5_000)
    log.append(happened(0))
    assert verify(folder).recovered == 1
    (folder / "000002.jsonl").rename(folder / "away")
    assert faults(folder) == (State.BROKEN, [Fault.SEGMENT], 0)
    with pytest.raises(AuditError, match="damaged"):
        log.append(happened(0))


def test_clock_jumps_are_recorded_and_the_order_kept(folder: Path) -> None:
    clock = Hands()
    log = written(folder, 2, clock=clock)
    for by in (-86_400_000, 10 * 365 * 86_400_000, -3_600_000):
        clock.t += by
        log.append(happened(1))
    clock.boot, clock.mono = "boot-b", 5
    clock.t -= 60_000
    log.append(happened(1))
    log.close()
    jumps = [r.facts["ms"] for r in records(folder) if r.kind == "clock.jump"]
    assert jumps == [-86_400_000, 10 * 365 * 86_400_000, -3_600_000, -59_000]
    report = verify(folder)
    assert (report.state, report.jumps) == (State.SOUND, 4)


def test_a_suspended_machine_is_no_jump(folder: Path) -> None:
    clock = Hands()
    log = written(folder, 1, clock=clock)
    clock.t += 7_200_000
    clock.mono += 7_200_000
    log.append(happened(1))
    assert verify(folder).jumps == 0


def test_keys_that_do_not_fit_the_log_are_refused(folder: Path) -> None:
    clock = Hands()
    log = written(folder, 2, clock=clock)
    old = (folder / "keys.json").read_bytes()
    for _ in range(2):
        clock.t += 86_400_000
        clock.mono += 86_400_000
        log.append(happened(1))
    log.close()
    (folder / "keys.json").write_bytes(old)
    assert faults(folder)[:2] == (State.BROKEN, [Fault.KEYS])
    with pytest.raises(AuditError, match="damaged"):
        log.append(happened(1))
    (folder / "keys.json").unlink()
    assert faults(folder)[:2] == (State.BROKEN, [Fault.KEYS])
    with pytest.raises(AuditError, match="keys are damaged or missing"):
        log.append(happened(1))


def test_a_log_that_was_taken_away_is_missed(folder: Path) -> None:
    log = written(folder)
    (folder / "000001.jsonl").unlink()
    assert faults(folder) == (State.BROKEN, [Fault.CUT], 1)
    with pytest.raises(AuditError, match="damaged"):
        log.append(happened(1))


def test_links_and_open_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    log = written(folder)
    shutil.copy(folder / "000001.jsonl", tmp_path / "copy")
    (folder / "000001.jsonl").unlink()
    (folder / "000001.jsonl").symlink_to(tmp_path / "copy")
    with pytest.raises(AuditError, match="cannot be written"):
        log.append(happened(1))
    with pytest.raises(AuditError, match="cannot be read"):
        verify(folder)
    folder.chmod(0o755)
    with pytest.raises(AuditError, match="open to other users"):
        log.append(happened(1))
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(AuditError, match="cannot be written"):
        Log(tmp_path / "link").append(happened(1))


@pytest.mark.parametrize("failing", ["write", "fsync", "ftruncate", "replace", "open", "short"])
def test_a_failing_disk_is_an_error_and_leaves_what_was_there(
    folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every n-th call fails, one after the other; each record that was acknowledged is there afterwards."""
    acknowledged = set()
    real = getattr(os, "write" if failing == "short" else failing)
    for nth in range(1, 12):
        calls = 0

        def call(*given: object, nth: int = nth, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls != nth:
                return real(*given, **named)
            if failing == "short":
                return real(given[0], bytes(given[1])[:7])  # type: ignore[call-overload]
            raise OSError(errno.ENOSPC, "No space left on device")

        clock = Hands()
        clock.t += nth * 86_400_000 + 500
        clock.mono += nth * 86_400_000 + 500
        log = Log(folder, clock)
        with monkeypatch.context() as patched:
            patched.setattr(os, "write" if failing == "short" else failing, call)
            for number in range(3):
                with contextlib.suppress(AuditError):
                    acknowledged.add(log.append(happened(100 * nth + number)).hash)
    log = Log(folder)
    log.append(happened(0))
    log.close()
    assert verify(folder).state is State.SOUND
    assert acknowledged
    assert acknowledged <= {r.hash for r in records(folder)}


def test_verifying_does_not_wait_forever_for_a_writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(folder)
    monkeypatch.setattr(sys.modules["reviewer.audit.verify"], "LOCK_WAIT_S", 0.1, raising=False)
    with (folder / "lock").open() as held:
        assert try_lock(held.fileno())
        release = threading.Timer(3.0, held.close)
        release.start()
        with pytest.raises(AuditError, match="another process holds its lock"):
            verify(folder)
        release.cancel()
        release.join()
    assert verify(folder).state is State.SOUND


def test_threads_share_a_log(folder: Path) -> None:
    log = Log(folder)
    work = [threading.Thread(target=lambda: [log.append(happened(n)) for n in range(25)]) for _ in range(4)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    log.close()
    report = verify(folder)
    assert (report.state, report.seq) == (State.SOUND, 101)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_words_never_reach_the_disk(folder: Path, words: str, fact: str) -> None:
    log = Log(folder)
    log.append(Event("test", {}, {"words": words}))
    if not re.fullmatch(r"[A-Za-z0-9._:+-]+", fact):
        with pytest.raises(ValueError, match="codes and numbers only"):
            log.append(Event("test", {"fact": fact}))
    last = list(records(folder))[-1]
    assert re.fullmatch(r"[0-9a-f]{64}", str(last.facts["words"]))
    assert last.facts["words"] in log.digests(words).values()


def test_killed_writers_leave_a_sound_log(folder: Path) -> None:
    """The full number: `python -m tests.bench.audit_kills 400`."""
    assert audit_kills.run(folder, 6, seed=1).startswith("6 kills")


def test_a_review_with_an_index_is_written_with_the_versions_of_everything(folder: Path, store: Store) -> None:
    versions = {"index": store.version, "seal": "断网已自检 21/21 已封", "model": "sha256:0"}
    draft = from_text("明天开会", Channel.EMAIL)
    review = Reviewer({Stage.MATCH: lambda *_: StageResult(stage=Stage.MATCH)}, lambda: versions).review(draft)
    made = Log(folder, Hands()).append(reviewed(draft, review, "0", "files"))
    assert made.facts["versions"] == {"index": store.version, "seal": "-21-21-", "model": "sha256:0"}

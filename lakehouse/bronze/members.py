"""The files in a zip archive: listed by its directory, each read where it stands. Nothing is unpacked to a disk."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO

from lakehouse.bronze import streams
from lakehouse.bronze.files import FoundFile, Member, RefusedError, Rejection
from lakehouse.bronze.opening import as_found
from lakehouse.bronze.signatures import HEAD, ZIP, is_document
from lakehouse.settings import Archives
from lakehouse.tables.reasons import FileReason

Looked = tuple[FoundFile, Rejection | None]
"""A file, and why it cannot be opened where that is known already."""
UNFINISHED = (".tmp", ".part", ".crdownload")

_HEADER = struct.Struct("<4sHHHHHIIIHH")
_HEADER_MARK = b"PK\x03\x04"
_END = struct.Struct("<4sHHHHIIH")
_END_MARK = b"PK\x05\x06"
_LONGEST_END = _END.size + 0xFFFF
_NOT_SAID = 0xFFFFFFFF
_DIRECTORY_BYTES_OF_A_MEMBER = 1 << 10
_ENCRYPTED, _UTF8 = 0x1, 0x800
_HARMLESS = 1 << 26
"""Bytes up to which nobody minds how well they were packed."""
_UNPACKED_AT_ONCE = 1 << 20


def opened_up(files: Iterable[FoundFile], bounds: Archives) -> Iterator[Looked]:
    """The files, with those in a zip archive instead of the archive. Known by its bytes, whatever its name."""
    for file in files:
        try:
            if _is_archive(file):
                yield from _members(file, bounds)
            else:
                yield file, None
        except RefusedError as refusal:
            yield file, refusal.rejection
        except OSError:
            yield file, None  # who opens it next says why it cannot be


def _is_archive(file: FoundFile) -> bool:
    with as_found(file) as opened:
        if not opened.read(len(_HEADER_MARK)).startswith(ZIP):
            return False
        opened.seek(0)
        return not is_document(opened.read(HEAD))


def _members(archive: FoundFile, bounds: Archives) -> Iterator[Looked]:
    with as_found(archive) as file:
        _check_directory(file, bounds)
        try:
            infos = [one for one in zipfile.ZipFile(file).infolist() if not one.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError) as error:
            raise RefusedError(
                FileReason.UNREADABLE_ARCHIVE,
                f"The zip archive is damaged or only a part of one ({error}): send it again",
            ) from error
    _check_size(archive, infos, bounds)
    named = [(_name(one), one) for one in infos]
    seen = Counter(name for name, _ in named)
    for name, info in named:
        if not _is_left_out(name):
            yield _member(archive, name, info, is_twice=seen[name] > 1)


def _check_directory(file: IO[bytes], bounds: Archives) -> None:
    """Raises RefusedError where the directory alone would fill memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < _END.size:
        return  # what is wrong is said by who reads it
    said = _END.unpack_from(tail, place)[5]
    most = bounds.most_members * _DIRECTORY_BYTES_OF_A_MEMBER
    if min(size, size if said == _NOT_SAID else said) > most and (said != _NOT_SAID or size > most * 64):
        raise _too_large("its directory alone is larger than that of so many files as may be in one")
    file.seek(0)


def _check_size(archive: FoundFile, infos: list[zipfile.ZipInfo], bounds: Archives) -> None:
    total = sum(one.file_size for one in infos)
    if len(infos) > bounds.most_members:
        raise _too_large(f"it holds {len(infos):,} files, more than {bounds.most_members:,} (most_members)")
    if total > bounds.most_bytes:
        raise _too_large(f"it unpacks to {total:,} bytes, more than {bounds.most_bytes:,} (most_bytes)")
    if total > _HARMLESS and total > bounds.most_ratio * archive.bytes:
        ratio = total // archive.bytes
        raise _too_large(f"it unpacks to {ratio:,} times its size, more than {bounds.most_ratio:,} (most_ratio)")


def _too_large(what: str) -> RefusedError:
    return RefusedError(
        FileReason.ARCHIVE_TOO_LARGE,
        f"The zip archive is refused unopened, as one made to do harm would be: {what}; where it is sound, raise the"
        " bound in [archives] of conf/lakehouse.toml",
    )


def _name(info: zipfile.ZipInfo) -> str:
    """As the one who packed it wrote it: many write UTF-8 without saying so."""
    name = info.filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _is_left_out(name: str) -> bool:
    """Hidden or not yet whole, as in a folder; so is what macOS packs beside each file."""
    is_hidden = any(part.startswith((".", "_")) and part != ".." for part in name.split("/"))
    return is_hidden or name.lower().endswith(UNFINISHED)


def _member(archive: FoundFile, name: str, info: zipfile.ZipInfo, *, is_twice: bool) -> Looked:
    is_packed = info.compress_type == zipfile.ZIP_DEFLATED
    place = Member(archive.bytes, info.header_offset, info.compress_size, is_packed, info.CRC)
    found = replace(archive, path=f"{archive.path}/{name}", bytes=info.file_size, member=place)
    refusal = _refusal(name, info, is_twice=is_twice)
    if refusal is None:
        return found, None
    # Its bytes as they are packed still tell it from others.
    return replace(found, bytes=info.compress_size, member=replace(place, is_packed=False, check=None)), refusal


def _refusal(name: str, info: zipfile.ZipInfo, *, is_twice: bool) -> Rejection | None:
    if name.startswith("/") or "\\" in name or ":" in name[:2] or ".." in name.split("/"):
        return Rejection(
            FileReason.UNSAFE_PATH,
            "The name of the file leads out of its zip archive: have the archive made anew, with names alone",
        )
    if info.flag_bits & _ENCRYPTED:
        return Rejection(
            FileReason.LOCKED_FILE,
            "The file in the zip archive is protected by a password: unpack it, or have it sent without one",
        )
    if is_twice:
        return Rejection(
            FileReason.UNREADABLE_ARCHIVE, "The zip archive holds two files of this name: have it made anew"
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        return Rejection(
            FileReason.UNREADABLE_ARCHIVE, "This is a link in the zip archive and no file: have the file itself packed"
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Rejection(
            FileReason.UNREADABLE_ARCHIVE,
            f"The file is packed by a method that is not read (number {info.compress_type}): have the archive made"
            " anew, packed as usual (deflate)",
        )
    return None


def chunks_of(file: IO[bytes], found: FoundFile) -> Iterator[bytes]:
    """All the bytes of a found file, whose own or whose archive's are opened. Raises RefusedError where a member is
    damaged."""
    return streams.raw_chunks(file) if found.member is None else _unpacked(file, found, found.member)


def _unpacked(file: IO[bytes], found: FoundFile, member: Member) -> Iterator[bytes]:
    crc = size = 0
    for chunk in _inflated(_packed(file, member)) if member.is_packed else _packed(file, member):
        size += len(chunk)
        if size > found.bytes:
            break
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if size != found.bytes or member.check not in (None, crc):
        raise _damaged("its bytes are not those that the archive's directory says")


def _packed(file: IO[bytes], member: Member) -> Iterator[bytes]:
    file.seek(max(0, member.start))
    header = file.read(_HEADER.size) if member.start >= 0 else b""
    if len(header) < _HEADER.size or not header.startswith(_HEADER_MARK):
        raise _damaged("it does not stand where the archive's directory says")
    *_, name, extra = _HEADER.unpack(header)
    file.seek(name + extra, os.SEEK_CUR)
    left = member.packed
    while left and (chunk := file.read(min(left, streams.CHUNK))):
        left -= len(chunk)
        yield chunk


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Never more at once than some, however well it was packed."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            rest = chunk
            while rest and not inflate.eof:
                yield inflate.decompress(rest, _UNPACKED_AT_ONCE)
                rest = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as error:
        raise _damaged(str(error)) from error


def _damaged(what: str) -> RefusedError:
    return RefusedError(
        FileReason.UNREADABLE_ARCHIVE, f"The file in the zip archive is damaged ({what}): send the archive again"
    )

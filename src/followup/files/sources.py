"""The file a table is read from: opened again for every pass, never a pipe or a device, refused with its place."""

from __future__ import annotations

import codecs
import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from followup.errors import BadFileError, NotFoundError, Problem

MAX_LINE = 8 * 1024 * 1024  # characters of one physical line
SAVE_AGAIN = "save it again as CSV UTF-8"
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A file or bytes that can be opened again from the start; `name` is what messages call it."""

    what: Path | bytes
    name: str

    def open(self) -> BinaryIO:
        """Open the bytes. Raises NotFoundError, or BadFileError for whatever is not a regular file."""
        if isinstance(self.what, bytes):
            return io.BytesIO(self.what)
        try:
            mode = self.what.stat().st_mode
            if stat.S_ISDIR(mode):
                raise BadFileError(f"{self.name} is a folder, not a table", hint="name a CSV file in it")
            if not stat.S_ISREG(mode):
                raise BadFileError(f"{self.name} is not a regular file", hint="save the table as a file first")
            return self.what.open("rb")
        except FileNotFoundError:
            raise NotFoundError(f"there is no file {self.what}", hint="check the name and the folder") from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            hint = "check who may read it, and the disk it is on"
            raise BadFileError(f"{self.name} cannot be read: {why.lower()}", hint=hint) from error

    def head(self, size: int = 4096) -> bytes:
        """Give the first bytes."""
        with self.open() as file:
            return file.read(size)

    def tail(self, size: int = 16) -> bytes:
        """Give the last bytes."""
        with self.open() as file:
            file.seek(max(0, file.seek(0, io.SEEK_END) - size))
            return file.read(size)

    def chunks(self) -> Iterator[bytes]:
        """Give all bytes, 256 KiB at a time."""
        with self.open() as file:
            yield from iter(lambda: file.read(_CHUNK), b"")

    def text(self, encoding: str) -> Iterator[str]:
        """Give all text, some 256 KiB at a time; line ends stay as they are and CR LF is never parted."""
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        kept = ""
        for chunk in self.chunks():
            text = kept + decoder.decode(chunk)
            kept = "\r" if text.endswith("\r") else ""
            if text := text.removesuffix("\r") if kept else text:
                yield text
        if rest := kept + decoder.decode(b"", final=True):
            yield rest

    def refuse(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> NoReturn:
        """Raise BadFileError with the sentence and, the same again with its position, as the one problem."""
        place = f"{self.name}, line {line}" if line else self.name
        problem = Problem(source=self.name, line=line, column=column, message=message, hint=hint)
        raise BadFileError(f"{place}: {message}", hint=hint, problems=[problem])


def line_ends(text: str) -> int:
    """Count the line ends of a text: LF, CR LF and CR alike."""
    return text.count("\n") + text.count("\r") - text.count("\r\n") if "\r" in text else text.count("\n")

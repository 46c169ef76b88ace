"""The codes that tables and messages hold, as enums, each with its sentence for people.

Why a row or a file does not come in, what became of a row, what was mended in it. The codes of business rules, and the
sentences on them, are with the rules themselves. Codes are stored: a member may be added, but none may change its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RowReason(StrEnum):
    """Why a row is in quarantine, where no business rule says so."""

    MISSING = "missing"
    UNPARSABLE = "unparsable"
    EXCESS_SCALE = "excess_scale"
    TOO_LARGE = "too_large"
    IN_FUTURE = "in_future"
    OUTSIDE_CALENDAR = "outside_calendar"
    AMBIGUOUS_VERSION = "ambiguous_version"
    ORDER_DISCOUNT = "wrong_order_discount"
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    UNREADABLE_ROW = "unreadable_row"
    MORE_THAN_SOLD = "more_than_sold"
    DISCARDED = "discarded"

    def of(self, *columns: str) -> str:
        """The reason with the columns that it is about, as `unparsable:quantity`."""
        return f"{self}:{','.join(columns)}"


class Outcome(StrEnum):
    """What became of a row: in silver.lineage, and in ops.quarantine_history for rows that were in quarantine."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"
    PENDING = "pending"
    NO_LINES = "no_lines"
    LOOKED_UP = "looked_up"
    # These say what became of a row that was in quarantine, or that no feed took.
    REPLAYED = "replayed"
    DISCARDED = "discarded"
    NOT_SELECTED = "not_selected"
    # Between two steps only: tables say quarantined, for `RowReason.AMBIGUOUS_VERSION`.
    AMBIGUOUS = "ambiguous"


class RowStatus(StrEnum):
    """The state of a row in silver.quarantine."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class Repair(StrEnum):
    """What was mended in a row that came in."""

    UNTRUSTED_COLUMNS_EMPTIED = "untrusted_columns_emptied"


class BatchStatus(StrEnum):
    """Whether publications hold a batch."""

    PUBLISHED = "published"
    NEW = "new"
    HELD = "held"
    DISCARDED = "discarded"


class FileReason(StrEnum):
    """Why a file is not loaded."""

    UNKNOWN_FILE = "unknown_file"
    AMBIGUOUS_FILE = "ambiguous_file"
    UNREADABLE_NAME = "unreadable_name"
    UNREADABLE_FORMAT = "unreadable_format"
    LOCKED_FILE = "locked_file"
    UNREADABLE_ARCHIVE = "unreadable_archive"
    UNSAFE_PATH = "unsafe_path"
    EMPTY_FILE = "empty_file"
    NOT_GZIP = "not_gzip"
    TRUNCATED_GZIP = "truncated_gzip"
    WRONG_ENCODING = "wrong_encoding"
    NUL_BYTE = "nul_byte"
    CR_LINE_ENDS = "cr_line_ends"
    UNCLOSED_QUOTE = "unclosed_quote"
    TOO_MANY_COLUMNS = "too_many_columns"
    WRONG_DELIMITER = "wrong_delimiter"
    DUPLICATE_HEADER = "duplicate_header"
    MISSING_COLUMN = "missing_column"
    NOT_JSON = "not_json"
    NOT_PARQUET = "not_parquet"
    NOT_A_WORKBOOK = "not_a_workbook"
    MISSING_SHEET = "missing_sheet"
    UNREADABLE_CELL = "unreadable_cell"
    UNREADABLE_COLUMN = "unreadable_column"
    LEADS_OUTSIDE = "leads_outside"
    NOT_A_FILE = "not_a_file"
    # These say nothing about the bytes alone: the file is reported but not recorded, and looked at again.
    ARCHIVE_TOO_LARGE = "archive_too_large"
    UNREADABLE_FILE = "unreadable_file"
    STILL_CHANGING = "still_changing"


NOT_RECORDED = (FileReason.ARCHIVE_TOO_LARGE, FileReason.UNREADABLE_FILE, FileReason.STILL_CHANGING)
"""Reasons that may be gone by the next run, whatever the source declares."""


ROW_REASONS: Mapping[str, str] = {
    RowReason.MISSING: "The value is empty, and the row needs it.",
    RowReason.UNPARSABLE: "The value does not read as its type.",
    RowReason.EXCESS_SCALE: (
        "The number has more decimals than the lake keeps. What whole lines come to is `gross_amount` or `net_amount`:"
        " divided by the units it need not be a price."
    ),
    RowReason.TOO_LARGE: "The amount is larger than the lake keeps.",
    RowReason.IN_FUTURE: "The row tells of a day after the one that the lake is seen from; it comes in by itself.",
    RowReason.OUTSIDE_CALENDAR: "The day lies outside the calendar of conf/lakehouse.toml.",
    RowReason.AMBIGUOUS_VERSION: (
        "Another row of the same key and version says something else, and nothing orders the two."
    ),
    RowReason.ORDER_DISCOUNT: (
        "The discount of the order is stated in two ways, is of two currencies, or is more than its lines are worth."
    ),
    RowReason.TOO_FEW_FIELDS: "The row has fewer fields than the header.",
    RowReason.TOO_MANY_FIELDS: "The row has more fields than the header.",
    RowReason.UNREADABLE_ROW: "The row cannot be split into its fields.",
    RowReason.MORE_THAN_SOLD: "More units of the line come back than were sold and not yet taken back.",
    RowReason.DISCARDED: "A person decided that the row never comes in.",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.ACCEPTED: "The row is in its feed's table; of a file that is joined to others, it counts.",
    Outcome.SUPERSEDED: "Another row says the same, or is a newer version of what this one tells of.",
    Outcome.QUARANTINED: "The row is in silver.quarantine, with its reasons.",
    Outcome.PENDING: "The row waits for its header, as a line does for its order.",
    Outcome.NO_LINES: "The row is a header, and no line of it has come.",
    Outcome.LOOKED_UP: "The row is one of a look-up, and counts there.",
    Outcome.REPLAYED: "The row stays in quarantine, but is answered: it has the status of that name.",
    Outcome.DISCARDED: "The row stays in quarantine: a person decided that it never comes in.",
    Outcome.NOT_SELECTED: "No feed takes the row, or its batch is held: also said of one that is left out since.",
    Outcome.AMBIGUOUS: "Something else of the same key and version is told by another row: tables say quarantined.",
}
ROW_STATUSES: Mapping[str, str] = {
    RowStatus.OPEN: "The row waits: for a fix, for its day, for a mended row or for a decision.",
    RowStatus.REPLAYED: "A row of the same key, of the same version or a newer one, has been accepted since.",
    RowStatus.DISCARDED: "A person decided that the row never comes in.",
}
REPAIRS: Mapping[str, str] = {
    Repair.UNTRUSTED_COLUMNS_EMPTIED: (
        "The row has too many fields: only the first columns, which its source trusts, were read."
    ),
}
BATCH_STATUSES: Mapping[str, str] = {
    BatchStatus.PUBLISHED: "The newest publication, or one that it was built on, holds the batch.",
    BatchStatus.NEW: "The next run takes the batch.",
    BatchStatus.HELD: "A person or a rollback holds the batch back, until it is released.",
    BatchStatus.DISCARDED: "A person decided that the batch never comes in.",
}
FILE_REASONS: Mapping[str, str] = {
    FileReason.UNKNOWN_FILE: "No kind of file of the source has a pattern that fits the file's name.",
    FileReason.AMBIGUOUS_FILE: "The file's name fits the patterns of several kinds of file.",
    FileReason.UNREADABLE_NAME: "The file's name is not UTF-8, or does not say what `from_name` takes from it.",
    FileReason.UNREADABLE_FORMAT: "The first bytes show a kind of file that is not read, or not in this place.",
    FileReason.LOCKED_FILE: "The file is protected by a password.",
    FileReason.UNREADABLE_ARCHIVE: "The zip archive, or the file in it, is damaged, or packed in a way not read.",
    FileReason.UNSAFE_PATH: "The file in the zip archive has a name that leads out of the archive.",
    FileReason.EMPTY_FILE: "There is nothing in the file, not even a header.",
    FileReason.NOT_GZIP: "The file's name ends in .gz, but its bytes are not gzip.",
    FileReason.TRUNCATED_GZIP: "The gzip data is damaged or ends too early.",
    FileReason.WRONG_ENCODING: "The bytes are not text in the declared encoding.",
    FileReason.NUL_BYTE: "There is a NUL byte in the text.",
    FileReason.CR_LINE_ENDS: "Lines end in a carriage return alone.",
    FileReason.UNCLOSED_QUOTE: "A quote is opened and not closed, so nobody can say where its row ends.",
    FileReason.TOO_MANY_COLUMNS: "A row has more fields than any file can have.",
    FileReason.WRONG_DELIMITER: "The header is split by another delimiter than the declared one.",
    FileReason.DUPLICATE_HEADER: "The header names a column more than once.",
    FileReason.MISSING_COLUMN: "The file lacks a declared column that is not optional.",
    FileReason.NOT_JSON: "None of the first lines is a JSON object.",
    FileReason.NOT_PARQUET: "The file is not Parquet, or only a part of one.",
    FileReason.NOT_A_WORKBOOK: "The file is not an Excel workbook, or only a part of one, or too large for one.",
    FileReason.MISSING_SHEET: "The workbook has no sheet of that name or number.",
    FileReason.UNREADABLE_CELL: "A cell of the workbook holds a formula whose value was never worked out.",
    FileReason.UNREADABLE_COLUMN: "A column of Parquet is of a type that cannot be read as it is.",
    FileReason.LEADS_OUTSIDE: "The entry is a link out of its source's landing folder, and is not followed.",
    FileReason.NOT_A_FILE: "The entry has a file's place and is none: a pipe, a socket, a device, or an empty folder.",
    FileReason.ARCHIVE_TOO_LARGE: "The zip archive unpacks to more than conf/lakehouse.toml allows.",
    FileReason.UNREADABLE_FILE: "The file cannot be opened; the next run tries it again.",
    FileReason.STILL_CHANGING: "The file changed while the run looked at it; the next run looks at it again.",
}


def meaning(reason: str, of_rules: Mapping[str, str]) -> str:
    """One sentence on a reason; `of_rules` has those of the business rules of the row's feed, by code."""
    code = reason.split(":")[0]
    return ROW_REASONS.get(code) or of_rules.get(code) or "A rule of the business does not hold."

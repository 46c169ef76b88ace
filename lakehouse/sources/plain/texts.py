"""Functions of texts as Spark has them."""

from __future__ import annotations

from collections.abc import Sequence

from lakehouse.sources.plain.like import is_like


def of_texts(kind: str, first: str, others: Sequence[str]) -> str | int | bool:
    """The value of a function of texts that are there; its name and the number of its values were looked at before."""
    match kind:
        case "concat":
            return first + "".join(others)
        case "upper" | "lower":
            return first.upper() if kind == "upper" else first.lower()
        case "trim" | "btrim":
            return first.strip(others[0] if others else " ")
        case "ltrim":  # with two values the letters to be taken away come first
            return others[0].lstrip(first) if others else first.lstrip(" ")
        case "rtrim":
            return others[0].rstrip(first) if others else first.rstrip(" ")
        case "replace":
            return first.replace(others[0], others[1] if len(others) > 1 else "") if others[0] else first
        case "split_part":
            parts, place = (first.split(others[0]) if others[0] else [first]), int(others[1])
            return parts[place - 1] if place <= len(parts) else ""
        case "startswith":
            return first.startswith(others[0])
        case "endswith":
            return first.endswith(others[0])
        case "contains":
            return others[0] in first
        case "like":
            return is_like(first, others[0])
        case "length":
            return len(first)
        case "left" | "right":
            width = int(others[0])
            return first[:width] if kind == "left" else first[max(len(first) - width, 0) :]
        case "substring" | "substr":
            begin = int(others[0]) - 1
            return first[begin : begin + int(others[1])] if len(others) > 1 else first[begin:]
    return _padded(kind, first, int(others[0]), others[1])


def _padded(kind: str, text: str, width: int, pad: str) -> str:
    if len(text) >= width:
        return text[:width]
    filling = (pad * width)[: width - len(text)]
    return filling + text if kind == "lpad" else text + filling

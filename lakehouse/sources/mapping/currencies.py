"""How amounts of a currency are written: its signs, and how many decimals its smallest unit has."""

from __future__ import annotations

from collections.abc import Mapping

_DOLLARS = "USD AUD CAD NZD SGD HKD TWD BBD BSD BZD FJD GYD JMD LRD NAD SBD SRD TTD XCD MXN ARS CLP COP UYU DOP CUP"
SIGNS: Mapping[str, tuple[str, ...]] = {
    sign: tuple(codes.split())
    for sign, codes in {
        "$": _DOLLARS, "€": "EUR", "£": "GBP EGP FKP GIP LBP SHP SYP", "¥": "JPY CNY", "￥": "JPY CNY",
        "₹": "INR", "Rs": "INR PKR LKR NPR MUR SCR", "₽": "RUB", "руб": "RUB", "₺": "TRY", "TL": "TRY", "₩": "KRW KPW",
        "₫": "VND", "đ": "VND", "₪": "ILS", "฿": "THB", "₴": "UAH", "₦": "NGN", "₱": "PHP", "₡": "CRC", "₲": "PYG",
        "₸": "KZT", "₵": "GHS", "৳": "BDT", "₭": "LAK", "₮": "MNT", "₾": "GEL", "₼": "AZN", "֏": "AMD",
        "zł": "PLN", "kr": "SEK NOK DKK ISK", "Kr": "SEK NOK DKK ISK", "Kč": "CZK", "Ft": "HUF", "лв": "BGN",
        "lei": "RON MDL", "Fr": "CHF", "SFr": "CHF", "R": "ZAR", "RM": "MYR", "Rp": "IDR", "S/": "PEN", "KSh": "KES",
        "R$": "BRL", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD NIO", "CA$": "CAD", "NZ$": "NZD",
        "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN", "Mex$": "MXN", "元": "CNY", "円": "JPY",
        "원": "KRW",
    }.items()
}  # fmt: skip
"""What stands before or after an amount -> the currencies that it can mean. ISO 4217 codes stand for themselves."""

_MINOR = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS: Mapping[str, int] = {code: digits for digits, codes in _MINOR.items() for code in codes.split()}
"""Currency -> decimals of its smallest unit, by ISO 4217; 2 for those that are not here."""
USUAL_DIGITS = 2

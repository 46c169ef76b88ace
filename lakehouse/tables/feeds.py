"""Feeds: the kinds of things that a source can tell, and what each must and may say of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lakehouse.tables.model import Table
from lakehouse.tables.silver import (
    CAMPAIGN_SPEND,
    CAMPAIGN_TOUCHES,
    CAMPAIGNS,
    CUSTOMERS,
    FX_RATES,
    ORDER_CHARGES,
    ORDER_LINES,
    PAYMENTS,
    PRODUCTS,
    RETURNS,
)


@dataclass(frozen=True)
class Feed:
    """One kind of thing that a source can tell, and the silver table that it lands in."""

    name: str
    table: Table
    unit: tuple[str, ...]
    """The columns that name what is derived together from all its rows: a subset of the table's key."""
    given: tuple[str, ...]
    """The columns that a source maps; all others are worked out."""
    required: tuple[str, ...]
    """Those of `given` that a source must map and a row must fill."""
    defaults: dict[str, str]
    """Given column -> SQL expression used where a source maps none, or a row leaves it empty."""
    stated: tuple[str, ...] = ()
    """Those that a source need not map, but whose empty value is an error where it does; a default counts only where
    nothing is mapped."""
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Required column -> others of `given` of which any, where the source maps it, may stand for it."""
    is_history: bool = False
    """True where every version is kept with its time of validity (SCD2)."""
    happened_at: str | None = None
    """The column that may not lie after `as_of`."""

    def must_map(self, mapped: Collection[str]) -> tuple[str, ...]:
        """Those of `required` for which none of the columns that a source maps stands."""
        return tuple(one for one in self.required if not set(self.instead.get(one, ())) & set(mapped))

    @property
    def key(self) -> tuple[str, ...]:
        """What a row is known by, within its source."""
        return tuple(name for name in self.table.key if name not in ("source_system", "valid_from"))


def _feed(table: Table, given: str, *, unit: str = "", defaults: dict[str, str] | None = None, **more: object) -> Feed:
    """`given` lists the columns, those marked with ! required."""
    names = tuple(name.removesuffix("!") for name in given.split())
    required = tuple(name.removesuffix("!") for name in given.split() if name.endswith("!"))
    key = tuple(name for name in table.key if name not in ("source_system", "valid_from"))
    return Feed(
        table.short_name,
        table,
        tuple(unit.split()) or key,
        names,
        required,
        defaults or {},
        **more,  # type: ignore[arg-type]
    )


STATED_CHARGES: Mapping[str, str] = {f"{kind}_amount": kind for kind in ("shipping", "tax", "fee", "tip")}
"""Column of a row that states several charges of an order -> the kind of charge."""
FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        _feed(
            CUSTOMERS,
            "customer_id! email first_name last_name company_name phone birth_date gender customer_segment"
            " acquisition_channel signed_up_on address postal_code city region country_name",
            is_history=True,
        ),
        _feed(
            PRODUCTS,
            "product_id! product_name category subcategory brand unit_cost list_price currency is_merchandise",
            defaults={"currency": "source_currency()", "is_merchandise": "true"},
            is_history=True,
        ),
        _feed(
            ORDER_LINES,
            "order_id! line_number! customer_id product_id ordered_at! order_status payment_method sales_channel"
            " campaign_id quantity! unit_price! gross_amount net_amount discount order_discount stated_order_total"
            " currency promised_at delivered_at ship_country_name ship_region ship_city ship_postal_code",
            unit="order_id",
            stated=("order_status", "product_id"),
            defaults={"currency": "source_currency()", "order_status": "'completed'", "discount": "0"},
            instead={"unit_price": ("gross_amount", "net_amount")},
            happened_at="ordered_at",
        ),
        _feed(
            RETURNS,
            "return_id! order_id line_number customer_id product_id returned_at! quantity! refund_amount currency"
            " reason",
            defaults={"currency": "source_currency()"},
            happened_at="returned_at",
        ),
        _feed(
            PAYMENTS,
            "payment_id! order_id! paid_at! payment_method payment_status amount! currency",
            defaults={"currency": "source_currency()"},
            happened_at="paid_at",
        ),
        _feed(
            ORDER_CHARGES,
            "charge_id! order_id! charge_kind! amount! shipping_amount tax_amount fee_amount tip_amount currency"
            " charged_at! is_within_prices",
            defaults={"currency": "source_currency()", "is_within_prices": "false"},
            instead=dict.fromkeys(("charge_kind", "amount"), tuple(STATED_CHARGES)),
            happened_at="charged_at",
        ),
        _feed(
            CAMPAIGNS,
            "campaign_id! campaign_name campaign_channel started_on ended_on budget currency",
            defaults={"currency": "source_currency()"},
        ),
        _feed(
            CAMPAIGN_SPEND,
            "campaign_id! spend_date! amount! currency impressions clicks",
            defaults={"currency": "source_currency()"},
            happened_at="spend_date",
        ),
        _feed(
            CAMPAIGN_TOUCHES,
            "touch_id! campaign_id! customer_id! touched_at! is_holdout",
            defaults={"is_holdout": "false"},
            stated=("is_holdout",),
            happened_at="touched_at",
        ),
        _feed(FX_RATES, "currency! rate_date! exchange_rate!"),
    )
}

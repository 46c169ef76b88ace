"""Silver: typed, canonical rows of all sources together, one latest version per key."""

from __future__ import annotations

from dataclasses import dataclass

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

ORDER_STATUSES = ("completed", "pending", "cancelled", "refunded")
_ORIGIN = " repairs has_newer_quarantined _unit_key _file_sha256 _row_in_file _row_hash _batch_id"


def _silver(name: str, grain: str, key: str, columns_: str, **more: object) -> Table:
    return Table(
        f"silver.{name}",
        grain,
        tuple(key.split()),
        columns(columns_ + _ORIGIN),
        deletion_vectors=True,
        change_feed=True,
        **more,  # type: ignore[arg-type]
    )


CUSTOMERS = _silver(
    "customers",
    "one version of one customer",
    "source_system customer_id valid_from",
    "source_system customer_id email? first_name? last_name? company_name? phone? birth_date? gender?"
    " customer_segment? acquisition_channel? signed_up_on? address? postal_code? city? region? country_code?"
    " country_name? valid_from valid_to is_current",
)
PRODUCTS = _silver(
    "products",
    "one version of one product",
    "source_system product_id valid_from",
    "source_system product_id product_name? category? subcategory? brand? unit_cost? list_price? currency"
    " is_merchandise valid_from valid_to is_current",
    checks={"unit_cost_not_negative": "unit_cost IS NULL OR unit_cost >= 0"},
)
ORDER_LINES = _silver(
    "order_lines",
    "one line of one order, in its latest version",
    "source_system order_id line_number",
    "source_system order_id line_number customer_id? product_id ordered_at order_date order_month order_status"
    " payment_method? sales_channel? campaign_id? quantity unit_price discount gross_revenue net_revenue currency"
    " promised_at? delivered_at? ship_country_code? ship_country_name? ship_region? ship_city? ship_postal_code?",
    partitioned_by=("order_month",),
    checks={
        "status_known": f"order_status IN {ORDER_STATUSES}",
        "quantity_positive": "quantity > 0",
        "price_not_negative": "unit_price >= 0",
        "net_adds_up": "net_revenue = gross_revenue - discount",
    },
)
RETURNS = _silver(
    "returns",
    "one refunded line",
    "source_system return_id",
    "source_system return_id order_id? line_number? customer_id? product_id? returned_at return_date return_month"
    " quantity refund_amount? currency reason?",
    partitioned_by=("return_month",),
    checks={
        "quantity_positive": "quantity > 0",
        "refund_not_negative": "refund_amount IS NULL OR refund_amount >= 0",
    },
)
PAYMENTS = _silver(
    "payments",
    "one payment",
    "source_system payment_id",
    "source_system payment_id order_id paid_at payment_method? payment_status? amount currency",
)
CAMPAIGNS = _silver(
    "campaigns",
    "one campaign",
    "source_system campaign_id",
    "source_system campaign_id campaign_name? campaign_channel? started_on? ended_on? budget? currency",
)
CAMPAIGN_SPEND = _silver(
    "campaign_spend",
    "one campaign on one day",
    "source_system campaign_id spend_date",
    "source_system campaign_id spend_date amount currency impressions? clicks?",
)
CAMPAIGN_TOUCHES = _silver(
    "campaign_touches",
    "one contact of a campaign with a customer, or one customer held out",
    "source_system touch_id",
    "source_system touch_id campaign_id customer_id touched_at is_holdout",
)
FX_RATES = _silver(
    "fx_rates",
    "one currency on one day",
    "source_system currency rate_date",
    "source_system currency rate_date exchange_rate",
    checks={"rate_positive": "exchange_rate > 0"},
)
QUARANTINE = Table(
    "silver.quarantine",
    "one row of one file that a feed could not accept",
    ("source_system", "feed", "file_kind", "_file_delivery", "_row_in_file"),
    columns(
        "source_system feed file_kind unit_key reasons raw_row status _rule_version"
        " _source_file _file_sha256 _file_delivery _row_in_file _batch_id"
    ),
    deletion_vectors=True,
    change_feed=True,
    checks={"status_known": "status IN ('open', 'replayed', 'discarded')", "has_a_reason": "cardinality(reasons) > 0"},
)
LINEAGE = Table(
    "silver.lineage",
    "what became of the rows of one file that speak of one unit (an order, a customer, …) in one feed",
    ("source_system", "feed", "file_kind", "unit_key", "_file_delivery", "outcome"),
    columns(
        "source_system feed file_kind unit_key outcome rows rows_repaired newest_at?"
        " _file_sha256 _file_delivery _batch_id"
    ),
    partitioned_by=("source_system", "feed"),
    deletion_vectors=True,
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
    """Those with a default that counts only where the source maps nothing: an empty value is an error."""
    is_history: bool = False
    """True where every version is kept with its time of validity (SCD2)."""
    happened_at: str | None = None
    """The column that may not lie after `as_of`."""

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
            "order_id! line_number! customer_id product_id! ordered_at! order_status payment_method sales_channel"
            " campaign_id quantity! unit_price! discount currency promised_at delivered_at ship_country_name"
            " ship_region ship_city ship_postal_code",
            unit="order_id",
            stated=("order_status",),
            defaults={"currency": "source_currency()", "order_status": "'completed'", "discount": "0"},
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
TABLES = (*(feed.table for feed in FEEDS.values()), QUARANTINE, LINEAGE)

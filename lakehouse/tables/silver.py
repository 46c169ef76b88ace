"""Silver: typed, canonical rows of all sources together, one latest version per key."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table
from lakehouse.tables.reasons import RowStatus

ORDER_STATUSES = ("completed", "pending", "cancelled", "refunded")
CHARGE_KINDS = ("shipping", "tax", "fee", "tip", "gift_card", "discount", "rounding", "other")
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
    "source_system order_id line_number customer_id? product_id? ordered_at order_date order_month order_status"
    " payment_method? sales_channel? campaign_id? quantity unit_price gross_amount? net_amount? discount"
    " order_discount? gross_revenue net_revenue stated_order_total? currency promised_at? delivered_at?"
    " ship_country_code? ship_country_name? ship_region? ship_city? ship_postal_code?",
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
ORDER_CHARGES = _silver(
    "order_charges",
    "one charge of one order, or one row that states several",
    "source_system charge_id",
    "source_system charge_id order_id charge_kind? amount? shipping_amount? tax_amount? fee_amount? tip_amount?"
    " currency charged_at charge_date charge_month is_within_prices",
    partitioned_by=("charge_month",),
    checks={"kind_known": f"charge_kind IS NULL OR charge_kind IN {CHARGE_KINDS}"},
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
    checks={"status_known": f"status IN {tuple(map(str, RowStatus))}", "has_a_reason": "cardinality(reasons) > 0"},
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
LEFT_OUT = Table(
    "silver.left_out",
    "the rows of one file that its source's declaration leaves out for one reason; no feed reads them",
    ("source_system", "file_kind", "left_out_why", "_file_delivery"),
    columns("source_system file_kind left_out_why rows _source_file _file_sha256 _file_delivery _batch_id"),
    deletion_vectors=True,
    checks={"counts_rows": "rows > 0"},
)
TABLES = (
    CUSTOMERS, PRODUCTS, ORDER_LINES, RETURNS, PAYMENTS, ORDER_CHARGES, CAMPAIGNS, CAMPAIGN_SPEND, CAMPAIGN_TOUCHES,
    FX_RATES, QUARANTINE, LINEAGE, LEFT_OUT,
)  # fmt: skip

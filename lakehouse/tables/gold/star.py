"""Gold: the star schema.

Facts bind to the version of a member that was valid when the order was placed.
"""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Reference, Table

DIM_CUSTOMER = Table(
    "gold.dim_customer",
    "one version of one customer, and one unknown member (customer_id NULL) per source",
    ("customer_key",),
    columns(
        "customer_key customer_durable_key source_system customer_id? email? first_name? last_name? company_name?"
        " phone? birth_date? gender? customer_segment? acquisition_channel? signed_up_on? address? postal_code? city?"
        " region? country_code? country_name? valid_from valid_to is_current is_inferred"
    ),
    change_feed=True,
)
DIM_PRODUCT = Table(
    "gold.dim_product",
    "one version of one product, and one unknown member (product_id NULL) per source",
    ("product_key",),
    columns(
        "product_key product_durable_key source_system product_id? product_name? category? subcategory? brand?"
        " unit_cost? list_price? currency? is_merchandise valid_from valid_to is_current is_inferred"
    ),
    change_feed=True,
)
DIM_DATE = Table(
    "gold.dim_date",
    "one day",
    ("date_key",),
    columns(
        "date_key full_date year quarter month month_name month_start iso_year iso_week week_start day_of_month"
        " day_of_year day_of_week day_name is_weekend fiscal_year fiscal_quarter fiscal_month is_holiday"
        " holiday_name? holidays"
    ),
)
DIM_GEOGRAPHY = Table(
    "gold.dim_geography",
    "one place that an order or a customer names: country, region and city; one unknown place has none of them",
    ("geography_key",),
    columns("geography_key country_code? country_name? region? city?"),
)
DIM_CAMPAIGN = Table(
    "gold.dim_campaign",
    "one campaign, and one member for orders of no campaign (campaign_id NULL) per source",
    ("campaign_key",),
    columns(
        "campaign_key source_system campaign_id? campaign_name? campaign_channel? started_on? ended_on? budget?"
        " currency? is_inferred"
    ),
)


def _to(table: Table, own: str | None = None) -> Reference:
    (key,) = table.key
    return Reference((own or key,), table.name, (key,))


FACT_SALES = Table(
    "gold.fact_sales",
    "one line of one order, whatever its status",
    ("source_system", "order_id", "line_number"),
    columns(
        "source_system order_id line_number customer_key product_key date_key geography_key campaign_key ordered_at"
        " order_date order_month order_status payment_method? sales_channel? quantity unit_price discount"
        " gross_revenue net_revenue cost? margin? currency reporting_currency reporting_rate? promised_at?"
        " delivered_at?"
    ),
    partitioned_by=("order_month",),
    checks={"quantity_positive": "quantity > 0", "net_adds_up": "net_revenue = gross_revenue - discount"},
    references=tuple(_to(table) for table in (DIM_CUSTOMER, DIM_PRODUCT, DIM_DATE, DIM_GEOGRAPHY, DIM_CAMPAIGN)),
    change_feed=True,
)
FACT_RETURNS = Table(
    "gold.fact_returns",
    "one refunded line",
    ("source_system", "return_id"),
    columns(
        "source_system return_id order_id? line_number? stated_order_id? is_matched order_date? order_status?"
        " customer_key product_key date_key returned_at return_date return_month quantity refund_amount? currency"
        " reporting_currency reporting_rate? reason?"
    ),
    partitioned_by=("return_month",),
    checks={
        "quantity_positive": "quantity > 0",
        "refund_not_negative": "refund_amount IS NULL OR refund_amount >= 0",
    },
    references=(
        *(_to(table) for table in (DIM_CUSTOMER, DIM_PRODUCT, DIM_DATE)),
        Reference(("source_system", "order_id", "line_number"), FACT_SALES.name, FACT_SALES.key),
    ),
    change_feed=True,
)
FACT_ORDER_CHARGES = Table(
    "gold.fact_order_charges",
    "one charge of one order, beside what its lines bring",
    ("source_system", "charge_id", "charge_kind"),
    columns(
        "source_system charge_id charge_kind order_id order_status? customer_key? date_key charged_at charge_date"
        " charge_month amount currency reporting_currency reporting_rate? is_within_prices"
    ),
    partitioned_by=("charge_month",),
    references=tuple(_to(table) for table in (DIM_CUSTOMER, DIM_DATE)),
    change_feed=True,
)
TABLES = (
    DIM_CUSTOMER, DIM_PRODUCT, DIM_DATE, DIM_GEOGRAPHY, DIM_CAMPAIGN, FACT_SALES, FACT_RETURNS, FACT_ORDER_CHARGES,
)  # fmt: skip

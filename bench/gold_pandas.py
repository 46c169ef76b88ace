"""The same star and marts in pandas, as one would write them for pandas alone: money as floats, ids as Arrow's strings.

    python -m bench.gold_pandas FOLDER AS_OF

A process of its own, so that its memory is its own. FOLDER holds `files.json`, the Parquet files of each silver table.
Prints one JSON object: table -> seconds, rows and net revenue.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

ORDER = ["source_system", "order_id"]
LINE = [*ORDER, "line_number"]
FEW = ["source_system", "order_status", "payment_method", "sales_channel", "currency", "ship_country_name", "reason"]
SUMS = ["quantity", "gross_revenue", "discount", "net_revenue", "costed_revenue", "cost", "margin"]
BACK = ["return_lines", "unpriced", "quantity", "refund_amount"]


def read(files: list[str], columns: str) -> pd.DataFrame:
    """Decimals as floats, texts of few values as categories."""
    table = ds.dataset(files).to_table(columns=columns.split())
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.float64()))
        elif field.name in FEW:
            table = table.set_column(place, field.name, table[field.name].dictionary_encode())
        elif pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.timestamp("us")))
        elif pa.types.is_date(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.timestamp("s")))
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get, timestamp_as_object=False)


def as_of_version(rows: pd.DataFrame, versions: pd.DataFrame, member: str, at: str) -> pd.DataFrame:
    """Adds the version that was valid at an instant; `rows` are in the order of it."""
    return pd.merge_asof(rows, versions, left_on=at, right_on="valid_from", by=member, direction="backward")


def with_rate(rows: pd.DataFrame, reporting: str) -> pd.DataFrame:
    """The generated shop sells in the reporting currency alone, and sends no rates."""
    return rows.assign(rate=np.where(rows.currency == reporting, 1.0, np.nan))


def facts(files: dict[str, list[str]], reporting: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    customers = read(files["customers"], "customer_id customer_segment country_name valid_from")
    products = read(files["products"], "product_id category unit_cost valid_from")
    customers["customer_key"], products["product_key"] = np.arange(len(customers)), np.arange(len(products))
    columns = (
        "source_system order_id line_number customer_id product_id ordered_at order_date order_status payment_method "
        "sales_channel quantity gross_revenue discount net_revenue currency ship_country_name"
    )
    lines = read(files["order_lines"], columns).sort_values("ordered_at")
    customers, products = customers.sort_values("valid_from"), products.sort_values("valid_from")
    sales = as_of_version(lines, customers, "customer_id", "ordered_at").drop(columns="valid_from")
    sales = as_of_version(sales, products, "product_id", "ordered_at").drop(columns="valid_from")
    sales = with_rate(sales, reporting)
    sales["cost"] = sales.quantity * sales.unit_cost
    sales["country"] = sales.ship_country_name.astype("string[pyarrow]").fillna(sales.country_name)
    returns = read(
        files["returns"],
        "source_system return_id order_id line_number customer_id product_id returned_at return_date quantity "
        "refund_amount currency reason",
    )
    sold = sales[[*LINE, "ordered_at", "order_date", "order_status", "country", "sales_channel", "payment_method"]]
    returns = returns.merge(sold, on=LINE, how="left")
    returns["bound_at"] = returns.ordered_at.fillna(returns.returned_at)
    returns = as_of_version(returns.sort_values("bound_at"), customers, "customer_id", "bound_at")
    returns = as_of_version(returns.drop(columns="valid_from"), products, "product_id", "bound_at")
    return sales, with_rate(returns, reporting)


def completed(sales: pd.DataFrame) -> pd.DataFrame:
    rows = sales[sales.order_status == "completed"].copy()
    for name in ("gross_revenue", "discount", "cost"):
        rows[name] = (rows[name] * rows.rate).round(4)
    rows["net_revenue"] = rows.gross_revenue - rows.discount
    rows["costed_revenue"] = rows.net_revenue.where(rows.cost.notna(), 0)
    rows["margin"] = rows.net_revenue - rows.cost
    return rows


def counted(returns: pd.DataFrame) -> pd.DataFrame:
    rows = returns[returns.order_status.isna() | (returns.order_status == "completed")].copy()
    rows["refund_amount"] = (rows.refund_amount * rows.rate).round(4)
    rows["return_lines"], rows["unpriced"] = 1, rows.refund_amount.isna()
    return rows


def order_totals(sold: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    of_line = back.groupby(LINE, observed=True)[BACK].sum().rename(columns={"quantity": "returned_units"})
    lines = sold.merge(of_line.reset_index(), on=LINE, how="left").sort_values("line_number")
    lines["returned_cost"] = lines.cost * lines.returned_units.fillna(0) / lines.quantity
    first = {name: (name, "first") for name in ("customer_id", "product_id", "ordered_at")}
    names = [*SUMS, "return_lines", "unpriced", "returned_units", "refund_amount", "returned_cost"]
    sums = {name: (name, "sum") for name in names}
    grouped = lines.groupby([*ORDER, "order_date"], observed=True)
    return grouped.agg(**first, lines=("line_number", "size"), **sums).reset_index()


def daily_sales(sold: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    cell = ["source_system", "category", "country", "sales_channel", "customer_segment", "payment_method"]
    by_order = sold.groupby(["order_id", "order_date", *cell], observed=True, dropna=False)
    cells = by_order.agg(
        first=("line_number", "min"), lines=("line_number", "size"), **{name: (name, "sum") for name in SUMS}
    ).reset_index()
    cells["orders"] = 1
    cells["leading_orders"] = cells["first"] == cells.groupby("order_id")["first"].transform("min")
    names = ["orders", "leading_orders", "lines", *SUMS]
    sold_cells = cells.groupby(["order_date", *cell], observed=True, dropna=False)[names].sum()
    came = back.groupby(["return_date", *cell], observed=True, dropna=False)[BACK].sum()
    came.index = came.index.set_names("order_date", level=0)
    return sold_cells.join(came, how="outer", rsuffix="_back").reset_index()


def product_days(sold: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    by_order = sold.groupby(["product_id", "order_date", "order_id"], observed=True)
    orders = by_order.agg(lines=("line_number", "size"), **{name: (name, "sum") for name in SUMS})
    orders["orders"] = 1
    days = orders.groupby(["product_id", "order_date"])[["orders", "lines", *SUMS]].sum()
    came = back.groupby(["product_id", "return_date"])[BACK].sum()
    came.index = came.index.set_names("order_date", level=1)
    return days.join(came, how="outer", rsuffix="_back").reset_index()


def customer_rfm(orders: pd.DataFrame, back: pd.DataFrame, as_of: str) -> pd.DataFrame:
    known = orders[orders.order_date < as_of]
    rfm = known.groupby("customer_id").agg(
        last=("order_date", "max"),
        first=("order_date", "min"),
        frequency=("order_id", "nunique"),
        net_revenue=("net_revenue", "sum"),
    )
    refunds = back[back.return_date < as_of].groupby("customer_id").refund_amount.sum()
    rfm["monetary"] = rfm.net_revenue - refunds.reindex(rfm.index).fillna(0)
    rfm["recency_days"] = (pd.Timestamp(as_of) - rfm["last"]).dt.days
    for name, values in (("r", -rfm.recency_days), ("f", rfm.frequency), ("m", rfm.monetary)):
        below = values.rank(method="min") - 1
        rfm[f"{name}_score"] = (1 + 5 * below // max(len(rfm) - 1, 1)).clip(upper=5)
    return rfm.reset_index()


def cohort_retention(orders: pd.DataFrame, as_of: str) -> pd.DataFrame:
    known = orders[orders.order_date < as_of].assign(month=lambda rows: rows.order_date.dt.to_period("M"))
    months = known.groupby(["customer_id", "month"], observed=True).agg(
        orders=("order_id", "nunique"), net_revenue=("net_revenue", "sum"), margin=("margin", "sum")
    )
    months = months.reset_index()
    months["cohort"] = months.groupby("customer_id").month.transform("min")
    cells = months.groupby(["cohort", "month"], observed=True).agg(
        customers=("customer_id", "size"), **{name: (name, "sum") for name in ("orders", "net_revenue", "margin")}
    )
    cells = cells.reset_index()
    by_cohort = cells.groupby("cohort", observed=True)
    cells["retention"] = cells.customers / by_cohort.customers.transform("first")
    cells["cumulative_revenue"] = by_cohort.net_revenue.cumsum()
    cells["month"], cells["cohort"] = cells.month.astype(str), cells.cohort.astype(str)
    return cells


def main(folder: Path, as_of: str, reporting: str) -> None:
    files = json.loads((folder / "files.json").read_text())
    found: dict[str, tuple[float, int, float]] = {}
    began = time.monotonic()

    def keep(name: str, rows: pd.DataFrame) -> pd.DataFrame:
        nonlocal began
        rows.to_parquet(folder / f"pandas_{name}.parquet")
        found[name] = (time.monotonic() - began, len(rows), float(rows.get("net_revenue", pd.Series([0.0])).sum()))
        began = time.monotonic()
        return rows

    sales, returns = facts(files, reporting)
    keep("fact_returns", returns)
    sold, back = completed(keep("fact_sales", sales)), counted(returns)
    del sales
    orders = keep("order_totals", order_totals(sold, back))
    keep("daily_sales", daily_sales(sold, back))
    keep("product_days", product_days(sold, back))
    keep("customer_rfm", customer_rfm(orders, back, as_of))
    keep("cohort_retention", cohort_retention(orders, as_of))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

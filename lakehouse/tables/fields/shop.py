"""Columns of silver and of the star: customers, products, orders, what came after them, campaigns, the calendar."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import COUNT, CURRENCY_UNIT, INSTANT, KEY, MONEY, RATE, TEXT

_WHO = (
    Field("source_system", TEXT, "The source that the row came from, as its file in conf/sources is named"),
    Field("customer_id", TEXT, "The source's own number of the customer; NULL for a guest"),
    Field("email", TEXT, "E-mail address in lower case", personal=True),
    Field("first_name", TEXT, "Given name, or the only name known", personal=True),
    Field("last_name", TEXT, "Family name", personal=True),
    Field("company_name", TEXT, "Company that the customer buys for", personal=True),
    Field("phone", TEXT, "Telephone number as the source writes it", personal=True),
    Field("birth_date", "DATE", "Date of birth", personal=True),
    Field("gender", TEXT, "Gender as the source states it"),
    Field("customer_segment", TEXT, "The shop's own class of customer, such as VIP, Regular, Occasional"),
    Field("acquisition_channel", TEXT, "How the customer first came to the shop"),
    Field("signed_up_on", "DATE", "Day on which the customer registered"),
    Field("address", TEXT, "Street and house number", personal=True),
    Field("postal_code", TEXT, "Postal code", personal=True),
    Field("city", TEXT, "City"),
    Field("region", TEXT, "State, province or region"),
    Field("country_code", TEXT, "ISO 3166-1 alpha-2 code; NULL where the source names no country that has one"),
    Field("country_name", TEXT, "Country: the ISO name where known, else as the source writes it"),
)
_WHAT = (
    Field("product_id", TEXT, "The source's own number of the product; NULL where a row names none"),
    Field("product_name", TEXT, "Name of the product"),
    Field("category", TEXT, "Main category"),
    Field("subcategory", TEXT, "Category below the main one"),
    Field("brand", TEXT, "Brand, maker or supplier"),
    Field("unit_cost", MONEY, "What one unit costs the shop", CURRENCY_UNIT),
    Field("list_price", MONEY, "Price of one unit before any discount", CURRENCY_UNIT),
    Field(
        "is_merchandise",
        "BOOLEAN",
        "False for postage, fees, vouchers and manual lines, and in marts for lines without a product: rankings leave"
        " them out",
    ),
)
_ORDER = (
    Field("order_id", TEXT, "The source's own number of the order"),
    Field("line_number", "BIGINT", "Number of the line within its order"),
    Field("ordered_at", INSTANT, "When the order was placed, in UTC"),
    Field("order_date", "DATE", "Day of the order in the source's time zone"),
    Field("order_month", "DATE", "First day of the month of the order, in the source's time zone"),
    Field("order_status", TEXT, "completed, pending, cancelled or refunded; revenue counts completed ones"),
    Field("payment_method", TEXT, "How the order was paid"),
    Field("sales_channel", TEXT, "Where the order was placed, such as web, app, shop"),
    Field("quantity", "INT", "Units sold, or units returned in a table of returns", "units"),
    Field(
        "unit_price",
        MONEY,
        "Price of one unit as stated; where only an amount of the line is, gross_revenue / quantity, rounded",
        CURRENCY_UNIT,
    ),
    Field("gross_amount", MONEY, "Amount of the line before its discount, where the source states it", CURRENCY_UNIT),
    Field("net_amount", MONEY, "Amount of the line after its discount, where the source states it", CURRENCY_UNIT),
    Field("order_discount", MONEY, "Discount of the whole order, as stated on its lines", CURRENCY_UNIT),
    Field(
        "stated_order_total",
        MONEY,
        "What the source says that the order comes to; compared, never counted",
        CURRENCY_UNIT,
    ),
    Field(
        "discount",
        MONEY,
        "Amount taken off the line, not a rate; its share of order_discount is a part of it",
        CURRENCY_UNIT,
    ),
    Field(
        "gross_revenue",
        MONEY,
        "Amount of the line before discount: as stated, else net_amount + discount, else quantity x unit_price",
        CURRENCY_UNIT,
    ),
    Field("net_revenue", MONEY, "gross_revenue - discount", CURRENCY_UNIT),
    Field(
        "cost", MONEY, "quantity x the product's unit cost when the order was placed; NULL if unknown", CURRENCY_UNIT
    ),
    Field("margin", MONEY, "net_revenue - cost; NULL where the cost is unknown", CURRENCY_UNIT),
    Field("currency", TEXT, "ISO 4217 code of the row's amounts"),
    Field("reporting_currency", TEXT, "ISO 4217 code of the currency that the lake reports in"),
    Field(
        "reporting_rate",
        RATE,
        "One unit of `currency` in the reporting currency on the day; NULL if unknown",
        "reporting currency per currency",
    ),
    Field("promised_at", INSTANT, "When delivery was promised, in UTC"),
    Field("delivered_at", INSTANT, "When the order was delivered, in UTC"),
    Field("ship_country_code", TEXT, "ISO code of the country that the order goes to"),
    Field("ship_country_name", TEXT, "Country that the order goes to"),
    Field("ship_region", TEXT, "Region that the order goes to"),
    Field("ship_city", TEXT, "City that the order goes to"),
    Field("ship_postal_code", TEXT, "Postal code that the order goes to", personal=True),
)
_AFTER = (
    Field("return_id", TEXT, "The refunded line's own number, unique in its source"),
    Field("returned_at", INSTANT, "When the goods came back or were refunded, in UTC"),
    Field("return_date", "DATE", "Day of the return in the source's time zone"),
    Field("return_month", "DATE", "First day of the month of the return, in the source's time zone"),
    Field("refund_amount", MONEY, "Money given back, positive; NULL where the source does not say", CURRENCY_UNIT),
    Field("reason", TEXT, "Why the goods came back"),
    Field("is_matched", "BOOLEAN", "True where the sold line is known"),
    Field("stated_order_id", TEXT, "The order that the source names for the return, found or not"),
    Field("charge_id", TEXT, "The source's own number of the charge, or of what states several of an order"),
    Field("charge_kind", TEXT, "shipping, tax, fee, tip, gift_card, discount, rounding or other"),
    Field("charged_at", INSTANT, "When the charge was made, in UTC"),
    Field("charge_date", "DATE", "Day of the charge in the source's time zone"),
    Field("charge_month", "DATE", "First day of the month of the charge, in the source's time zone"),
    Field("is_within_prices", "BOOLEAN", "True where the prices of the lines hold the charge already, as they may tax"),
    Field("shipping_amount", MONEY, "Shipping of the order, where one row states several charges", CURRENCY_UNIT),
    Field("tax_amount", MONEY, "Tax of the order, where one row states several charges", CURRENCY_UNIT),
    Field("fee_amount", MONEY, "Fees of the order, where one row states several charges", CURRENCY_UNIT),
    Field("tip_amount", MONEY, "Tip of the order, where one row states several charges", CURRENCY_UNIT),
    Field("payment_id", TEXT, "The source's own number of the payment"),
    Field("paid_at", INSTANT, "When the money moved, in UTC"),
    Field("payment_status", TEXT, "State of the payment as the source gives it"),
    Field("amount", MONEY, "Money of the row", CURRENCY_UNIT),
)
_CAMPAIGN = (
    Field("campaign_id", TEXT, "The source's own number or code of the campaign"),
    Field("campaign_name", TEXT, "Name of the campaign"),
    Field("campaign_channel", TEXT, "Medium of the campaign, such as e-mail or search"),
    Field("started_on", "DATE", "First day of the campaign"),
    Field("ended_on", "DATE", "Last day of the campaign"),
    Field("budget", MONEY, "Money set aside for the campaign", CURRENCY_UNIT),
    Field("spend_date", "DATE", "Day that the money was spent for"),
    Field("impressions", COUNT, "Times that an advertisement was shown", "views"),
    Field("clicks", COUNT, "Times that an advertisement was clicked", "clicks"),
    Field("touch_id", TEXT, "The source's own number of the contact"),
    Field("touched_at", INSTANT, "When the customer was contacted or held out, in UTC"),
    Field("is_holdout", "BOOLEAN", "True where the customer was held out at random and not contacted"),
    Field("rate_date", "DATE", "Day from which the rate holds"),
    Field("exchange_rate", RATE, "One unit of `currency` in the reporting currency", "reporting currency per currency"),
)
_STAR = (
    Field("customer_key", KEY, "One version of one customer: hash of source, customer and start of validity"),
    Field("customer_durable_key", KEY, "One customer through all versions: hash of source and customer"),
    Field("product_key", KEY, "One version of one product: hash of source, product and start of validity"),
    Field("product_durable_key", KEY, "One product through all versions: hash of source and product"),
    Field("geography_key", KEY, "One place: hash of country, region and city"),
    Field("campaign_key", KEY, "One campaign: hash of source and campaign"),
    Field("date_key", "INT", "The day as yyyymmdd"),
    Field("valid_from", INSTANT, "First instant of the version, in UTC; 0001-01-01 for the earliest"),
    Field("valid_to", INSTANT, "First instant after the version, in UTC; 9999-12-31 for the current one"),
    Field("is_current", "BOOLEAN", "True for the version that is valid now"),
    Field("is_inferred", "BOOLEAN", "True where facts name the member but no row of its own has arrived"),
)
_TOTALS = (
    Field("orders", COUNT, "Distinct completed orders", "orders"),
    Field("lines", COUNT, "Completed order lines", "lines"),
    Field("units", COUNT, "Units on completed order lines", "units"),
    Field(
        "costed_revenue", MONEY, "Net revenue of the lines whose cost is known: margin is a part of this", CURRENCY_UNIT
    ),
    Field("return_lines", COUNT, "Refunded lines, without those of orders that are not completed", "lines"),
    Field("returned_units", COUNT, "Units on these refunded lines", "units"),
    Field(
        "unpriced_returns", COUNT, "Those of the refunded lines whose refund is not known; no total has them", "lines"
    ),
    Field("net_of_returns", MONEY, "net_revenue - refund_amount, as far as refunds are known", CURRENCY_UNIT),
    Field("return_rate", "DOUBLE", "returned_units / units; NULL where no unit was sold", "share of units"),
    Field("first_ordered_on", "DATE", "Day of the first completed order"),
    Field("last_ordered_on", "DATE", "Day of the last completed order"),
)
_CALENDAR = (
    Field("full_date", "DATE", "The day"),
    Field("year", "INT", "Calendar year"),
    Field("quarter", "INT", "Calendar quarter, 1 to 4"),
    Field("month", "INT", "Calendar month, 1 to 12"),
    Field("month_name", TEXT, "English name of the month"),
    Field("month_start", "DATE", "First day of the month"),
    Field("iso_year", "INT", "Year that the ISO 8601 week belongs to"),
    Field("iso_week", "INT", "ISO 8601 week, 1 to 53"),
    Field("week_start", "DATE", "Monday of the week"),
    Field("day_of_month", "INT", "Day of the month, 1 to 31"),
    Field("day_of_year", "INT", "Day of the year, 1 to 366"),
    Field("day_of_week", "INT", "ISO day of the week: 1 is Monday, 7 is Sunday"),
    Field("day_name", TEXT, "English name of the day"),
    Field("is_weekend", "BOOLEAN", "True on Saturday and Sunday"),
    Field("fiscal_year", "INT", "Fiscal year, named for the calendar year in which it ends"),
    Field("fiscal_quarter", "INT", "Quarter of the fiscal year, 1 to 4"),
    Field("fiscal_month", "INT", "Month of the fiscal year, 1 to 12"),
    Field(
        "is_holiday", "BOOLEAN", "True on a public holiday of the first country in conf [calendar] holiday_countries"
    ),
    Field("holiday_name", TEXT, "Name of that holiday"),
    Field("holidays", "MAP<STRING,STRING>", "Country code -> holiday, for all the countries in conf"),
)
SHOP = (*_WHO, *_WHAT, *_ORDER, *_AFTER, *_CAMPAIGN, *_STAR, *_TOTALS, *_CALENDAR)

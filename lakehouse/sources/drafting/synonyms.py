"""What merchants call the canonical columns, and which of them tell what a file is about."""

from __future__ import annotations

import re
import unicodedata

from lakehouse.sources.drafting import languages

# Feed -> canonical column -> usual names, the surest first, in lower case without blanks and marks.
_ENGLISH: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": "customerid customerkey customernumber customerno customer clientid custid userid",
        "email": "email emailaddress mail",
        "first_name": "firstname givenname forename contactname name customername fullname",
        "last_name": "lastname surname familyname",
        "company_name": "companyname company organisation organization",
        "phone": "phone phonenumber telephone mobile",
        "birth_date": "birthdate dateofbirth dob birthday",
        "gender": "gender sex",
        "customer_segment": "customersegment segment customertype tier",
        "acquisition_channel": "acquisitionchannel acquisitionsource",
        "signed_up_on": "signedupon signupdate registrationdate registeredat createdat joined",
        "address": "address street streetaddress addressline1 address1 customeraddress",
        "postal_code": "postalcode postcode zip zipcode zipcodeprefix customerzipcodeprefix",
        "city": "city town customercity",
        "region": "region state province county customerstate",
        "country_name": "countryname country countrycode customercountry",
    },
    "products": {
        "product_id": "productid productkey sku stockcode itemid itemnumber articleid articlenumber productcode"
        " product",
        "product_name": "productname name title description producttitle itemname",
        "category": "category categoryname productcategory productcategoryname productcategorynameenglish department",
        "subcategory": "subcategory subcategoryname productsubcategory",
        "brand": "brand brandname manufacturer maker vendor",
        "unit_cost": "unitcost cost costprice productcost standardcost",
        "list_price": "listprice price unitprice productprice retailprice",
        "currency": "currency currencycode",
        "is_merchandise": "ismerchandise",
    },
    "order_lines": {
        "order_id": "orderid ordernumber orderno invoiceno invoicenumber invoice invoiceid salesorderid transactionid"
        " order receipt receiptid receiptnumber receiptno salesreceipt amazonorderid",
        "line_number": "linenumber lineno orderitemid orderlineitem lineitem linenum itemno",
        "customer_id": "customerid customerkey customernumber customerno customer clientid custid userid buyer buyerid",
        "product_id": "productid productkey sku stockcode itemid itemnumber articleid articlenumber productcode"
        " product item article itemsku productsku lineitemsku",
        "ordered_at": "orderedat orderdate orderdatetime invoicedate orderpurchasetimestamp purchasedate purchasedat"
        " createdat transactiondate placedat placed saledate date datetime timestamp",
        "order_status": "orderstatus status",
        "payment_method": "paymentmethod paymenttype payment",
        "sales_channel": "saleschannel channel",
        "campaign_id": "campaignid campaign",
        "quantity": "quantity qty orderquantity units amountordered quantitypurchased lineitemquantity",
        "unit_price": "unitprice price itemprice productprice sellingprice lineitemprice",
        "gross_amount": "linetotal lineamount rowtotal linegross extendedprice gesamtpreis zeilensumme totalligne"
        " totallinea totallinha totaleriga regeltotaal",
        "discount": "discount discountamount linediscount",
        "currency": "currency currencycode",
        "promised_at": "promisedat requireddate orderestimateddeliverydate estimateddelivery duedate",
        "delivered_at": "deliveredat orderdeliveredcustomerdate deliverydate",
        "ship_country_name": "shipcountryname shipcountry shippingcountry countryname country",
        "ship_region": "shipregion shipstate shippingregion",
        "ship_city": "shipcity shippingcity",
        "ship_postal_code": "shippostalcode shippingpostalcode shipzip shippingzip",
    },
    "returns": {
        "return_id": "returnid refundid returnnumber creditnoteid rmaid",
        "order_id": "orderid ordernumber orderno invoiceno",
        "line_number": "linenumber lineno orderitemid orderlineitem lineitem",
        "customer_id": "customerid customerkey customernumber customer",
        "product_id": "productid productkey sku stockcode itemid productcode",
        "returned_at": "returnedat returndate refunddate refundedat returnedon",
        "quantity": "quantity returnquantity qty returnedquantity units",
        "refund_amount": "refundamount refund refundedamount",
        "currency": "currency currencycode",
        "reason": "reason returnreason",
    },
    "payments": {
        "payment_id": "paymentid",
        "order_id": "orderid ordernumber orderno invoiceno",
        "paid_at": "paidat paymentdate paymenttime paidon",
        "payment_method": "paymentmethod paymenttype method",
        "payment_status": "paymentstatus status",
        "amount": "amount paymentvalue paymentamount value",
        "currency": "currency currencycode",
    },
    "order_charges": {
        "charge_id": "chargeid",
        "order_id": "orderid ordernumber orderno invoiceno",
        "charge_kind": "chargekind chargetype",
        "amount": "amount chargeamount",
        "currency": "currency currencycode",
        "charged_at": "chargedat chargedate",
        "is_within_prices": "iswithinprices",
    },
    "campaigns": {
        "campaign_id": "campaignid campaigncode campaign",
        "campaign_name": "campaignname name",
        "campaign_channel": "campaignchannel channel medium",
        "started_on": "startedon startdate start",
        "ended_on": "endedon enddate end",
        "budget": "budget",
        "currency": "currency currencycode",
    },
    "campaign_spend": {
        "campaign_id": "campaignid campaigncode campaign",
        "spend_date": "spenddate date day",
        "amount": "amount spend cost",
        "currency": "currency currencycode",
        "impressions": "impressions views",
        "clicks": "clicks",
    },
    "campaign_touches": {
        "touch_id": "touchid contactid",
        "campaign_id": "campaignid campaigncode campaign",
        "customer_id": "customerid customerkey customernumber customer",
        "touched_at": "touchedat contactedat sentat touchdate",
        "is_holdout": "isholdout holdout iscontrol controlgroup",
    },
    "fx_rates": {
        "currency": "currency currencycode",
        "rate_date": "ratedate date day",
        "exchange_rate": "exchangerate rate fxrate",
    },
}
SYNONYMS: dict[str, dict[str, str]] = {
    feed: {
        canonical: " ".join(dict.fromkeys(f"{names} {languages.WORDS.get(feed, {}).get(canonical, '')}".split()))
        for canonical, names in columns.items()
    }
    for feed, columns in _ENGLISH.items()
}
# Feed -> sets of canonical columns; a file that has all of one set may be about the feed.
EVIDENCE: dict[str, tuple[tuple[str, ...], ...]] = {
    "customers": tuple(
        ("customer_id", other) for other in ("email", "first_name", "last_name", "company_name", "city", "country_name")
    ),
    "products": (("product_id", "product_name"), ("product_id", "category")),
    "order_lines": (("order_id", "product_id", "quantity"), ("order_id", "product_id", "unit_price")),
    "returns": (("return_id",), ("returned_at", "product_id")),
    "payments": (("payment_id",), ("order_id", "payment_method", "amount")),
    "order_charges": (("charge_id", "order_id", "charge_kind"),),
    "campaigns": (("campaign_id", "campaign_name"), ("campaign_id", "budget"), ("campaign_id", "started_on")),
    "campaign_spend": (("campaign_id", "spend_date", "amount"),),
    "campaign_touches": (("touch_id",), ("campaign_id", "customer_id", "touched_at")),
    "fx_rates": (("currency", "exchange_rate"),),
}
VERSION_NAMES = (
    "updatedat",
    "modifiedat",
    "modifieddate",
    "lastmodified",
    "lastupdated",
    "changedat",
    "changed",
    "updated",
)
_STATUS_WORDS = {
    "completed": "completed complete delivered closed paid fulfilled shipped done",
    "cancelled": "cancelled canceled void voided unavailable rejected failed",
    "refunded": "refunded returned",
}
STATUS_WORDS = {
    status: frozenset(f"{words} {languages.STATUS_WORDS[status]}".split()) for status, words in _STATUS_WORDS.items()
}


def plain(name: str, kind: str = "") -> str:
    """A column's name in lower case without blanks, marks and accents; `id` in a file of customers is `customerid`."""
    letters = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name.casefold()))
    if letters not in ("id", "key", "no", "number"):
        return letters
    words = [word for word in kind.split("_") if len(word) > 1]
    return f"{''.join(words).rstrip('s')}{letters}"


def matched(feed: str, columns: tuple[str, ...], kind: str = "") -> dict[str, str]:
    """Canonical column -> the file's column that is called so. No column of the file stands for two."""
    by_name = {plain(name, kind): name for name in reversed(columns)}
    found: dict[str, str] = {}
    for canonical, names in SYNONYMS[feed].items():
        free = (by_name[name] for name in names.split() if name in by_name and by_name[name] not in found.values())
        if (column := next(free, None)) is not None:
            found[canonical] = column
    return found


def about(feed: str, found: dict[str, str]) -> bool:
    """True where the matched columns are enough to say that a file is about the feed."""
    return any(found.keys() >= set(one) for one in EVIDENCE[feed])

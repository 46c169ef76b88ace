#!/usr/bin/env bash
# Makes lake.tar.xz: a small lake with its landing files and its merchant's configuration, by the commands that people
# type. README.md says from which commit.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/kept/{conf/sources,conf/quality,landing/online_retail,landing/shop}
cd "$work/kept"

# What a merchant sets: few days in the calendar, and so strict a share of bad rows that a waiver is needed.
cat >conf/lakehouse.toml <<'END'
reporting_currency = "GBP"
[calendar]
first_day = 2011-01-01
last_day = 2011-12-31
holiday_countries = ["GB"]
END
cat >conf/quality/quarantine.toml <<'END'
max_share = 0.20
max_share_of_a_file = 0.25
min_rows = 7
END
cp "$root"/conf/sources/{online_retail,shop}.toml conf/sources
# The rest is what the checkout ships.
cp -r "$root/conf" "$work/conf"
rm "$work"/conf/sources/*
cp -r conf "$work"

export LAKEHOUSE_CONF="$work/conf" LAKEHOUSE_LAKE="$work/kept/lake" LAKEHOUSE_LANDING="$work/kept/landing" TZ=UTC
lakehouse() { echo "── lakehouse $*"; "$root/.venv/bin/lakehouse" "$@"; }
run() { lakehouse run --as-of 2011-03-01 --master 'local[2]'; }
# `deliver SOURCE/FILE DAY`: the standard input as a file that was last changed on this day.
deliver() { cat >"landing/$1" && touch -d "$2 06:00:00 UTC" "landing/$1"; }
INVOICES="InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ORDERS="order_id,line_number,customer_id,product_id,ordered_at,order_status,payment_method,campaign_id,quantity,unit_price,discount,currency,ship_country_name,updated_at"
PRODUCTS="product_id,product_name,category,unit_cost,list_price,currency,updated_at"

# ── publication 1: a first load ──
deliver online_retail/2011-01-03.csv 2011-01-04 <<END
$INVOICES
1001,A,LAMP,2,2011-01-03 09:00:00,2.50,17850.0,United Kingdom
1001,A,LAMP,2,2011-01-03 09:00:00,2.50,17850.0,United Kingdom
1001,B,VASE,1,2011-01-03 09:00:00,10.125,17850.0,United Kingdom
1002,A,LAMP,1,2011-01-03 10:00:00,2.55,,EIRE
C1000,A,LAMP,-1,2011-01-03 11:00:00,2.50,17850.0,United Kingdom
END
deliver shop/customers_1.jsonl 2011-01-04 <<'END'
{"customer_id": "K1", "email": "ann@example.com", "first_name": "Ann", "city": "Leeds", "country_name": "United Kingdom", "updated_at": "2011-01-01T00:00:00Z"}
{"customer_id": "K2", "email": "ben@example.com", "first_name": "Bén", "city": "Köln", "country_name": "Germany", "updated_at": "2011-01-01T00:00:00Z"}
END
deliver shop/products_1.csv 2011-01-04 <<END
$PRODUCTS
P1,Kettle,Kitchen,4.00,10.00,GBP,2011-01-01T00:00:00Z
P2,Mug,Kitchen,1.50,3.00,GBP,2011-01-01T00:00:00Z
END
deliver shop/orders_1.csv 2011-01-12 <<END
$ORDERS
O1,1,K1,P1,2011-01-10T10:00:00Z,completed,card,C1,2,10.00,,GBP,United Kingdom,2011-01-10T10:00:00Z
O1,2,K1,P2,2011-01-10T10:00:00Z,completed,card,C1,1,3.00,0.50,GBP,United Kingdom,2011-01-10T10:00:00Z
O2,1,K2,P2,2011-01-11T23:30:00Z,completed,paypal,,4,3.50,,EUR,Germany,2011-01-11T23:30:00Z
END
deliver shop/returns_1.csv 2011-01-20 <<'END'
return_id,order_id,line_number,customer_id,product_id,returned_at,quantity,refund_amount,currency,reason,updated_at
R1,O1,2,K1,P2,2011-01-18T09:00:00Z,1,2.50,GBP,broken,2011-01-18T09:00:00Z
END
deliver shop/payments_1.csv 2011-01-12 <<'END'
payment_id,order_id,paid_at,payment_method,payment_status,amount,currency,updated_at
Y1,O1,2011-01-10T10:01:00Z,card,captured,22.50,GBP,2011-01-10T10:01:00Z
Y2,O2,2011-01-11T23:31:00Z,paypal,captured,14.00,EUR,2011-01-11T23:31:00Z
END
deliver shop/campaigns_1.csv 2011-01-04 <<'END'
campaign_id,campaign_name,campaign_channel,started_on,ended_on,budget,currency,updated_at
C1,New year,email,2011-01-02,2011-01-31,100.00,GBP,2011-01-02T00:00:00Z
END
deliver shop/campaign_spend_1.csv 2011-01-06 <<'END'
campaign_id,spend_date,amount,currency,impressions,clicks,updated_at
C1,2011-01-03,2.00,GBP,200,20,2011-01-05T00:00:00Z
C1,2011-01-04,3.25,GBP,250,30,2011-01-05T00:00:00Z
END
deliver shop/campaign_touches_1.csv 2011-01-06 <<'END'
touch_id,campaign_id,customer_id,touched_at,is_holdout
T1,C1,K1,2011-01-05T08:00:00Z,false
T2,C1,K2,2011-01-05T08:00:00Z,true
END
deliver shop/fx_rates_1.csv 2011-01-12 <<'END'
currency,rate_date,exchange_rate
EUR,2011-01-11,0.85
END
run

# ── publication 2: an increment with bad rows, refused until a person waives the rule ──
deliver online_retail/2011-01-04.csv 2011-01-05 <<END
$INVOICES
1003,B,VASE BLUE,3,2011-01-04 09:00:00,9.99,12431.0,Belgium
1004,C,?,5,2011-01-04 11:00:00,0.00,,United Kingdom
A1005,B,Adjust bad debt,1,2011-01-04 12:00:00,-11062.06,,United Kingdom
END
deliver shop/customers_2.jsonl 2011-02-02 <<'END'
{"customer_id": "K2", "email": "ben@example.com", "first_name": "Bén", "city": "Lyon", "country_name": "France", "updated_at": "2011-02-01T00:00:00Z"}
END
# O1's first line is resent with another quantity, O3 is new, and O4 has a price that nobody meant.
deliver shop/orders_2.csv 2011-02-03 <<END
$ORDERS
O1,1,K1,P1,2011-01-10T10:00:00Z,completed,card,C1,3,10.00,,GBP,United Kingdom,2011-01-15T09:00:00Z
O3,1,K2,P1,2011-02-02T12:00:00Z,completed,card,,1,10.00,,GBP,France,2011-02-02T12:00:00Z
O4,1,K1,P1,2011-02-02T13:00:00Z,completed,card,,1,-10.00,,GBP,United Kingdom,2011-02-02T13:00:00Z
END
status=0; run || status=$?
test "$status" = 3
lakehouse quality waive silver.lineage.quarantined_share --until 2999-12-31 --why "January's corrections, agreed with the books"
run

# ── what the next run is to act on: a bad row is discarded, and a batch that nobody trusts yet is held ──
lakehouse quarantine discard --source online_retail --reason negative_price --why "a booking of the bank"
deliver online_retail/2011-02-05.csv 2011-02-06 <<END
$INVOICES
C1006,A,LAMP,-1,2011-02-05 09:00:00,2.50,17850.0,United Kingdom
1007,A,LAMP,10,2011-02-05 10:00:00,2.10,12431.0,Australia
END
lakehouse ingest --source online_retail --as-of 2011-03-01 --master 'local[2]'
lakehouse batches hold 5 --why "the supplier sends it again"

# Logs, reports and the lock are none of the tables.
rm -rf lake/logs lake/reports lake/.lease
if grep -rlF -e "$work" -e "$root" -e "$HOME/" lake landing conf; then
    echo "a path of this machine is in these files" >&2
    exit 1
fi
tar --sort=name --owner=0 --group=0 --numeric-owner --format=pax --pax-option=delete=atime,delete=ctime -cf - conf lake landing |
    xz -9e >"$here/lake.tar.xz"
ls -l "$here/lake.tar.xz"

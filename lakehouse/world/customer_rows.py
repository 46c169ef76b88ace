"""Customers as the shop writes them down: one row for each version of each customer."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.lines import spend_level
from lakehouse.world.people import in_mail, looked_up, make_people
from lakehouse.world.texts import customer_id, date_text, instant_text
from lakehouse.world.world import World

COLUMNS = (
    "customer_id", "email", "first_name", "last_name", "company_name", "phone", "birth_date", "gender",
    "customer_segment", "acquisition_channel", "signed_up_on", "address", "postal_code", "city", "region",
    "country_name", "updated_at",
)  # fmt: skip
NULLABLE = ("email", "phone", "birth_date", "gender", "acquisition_channel", "address", "postal_code")
SIGNED_UP, MOVED, CLASSED = 0, 1, 2
"""Why there is a version."""
_CHANNELS = ("search", "social", "referral", "newsletter", "marketplace")
_GENDERS = ("female", "male", "other")


def versions(customers: DataFrame, world: World, *reasons: int) -> DataFrame:
    """One row for each version that there is for one of the reasons: `why`, `changed` (time in days) and `day`.

    A tenth of the customers move within the span and a twelfth are classed anew, most of them as they were: such a row
    says nothing new. Takes the table customers, and keeps its columns.
    """
    why, customer = F.col("why"), F.col("customer")
    hour = 0.3 + world.chance.uniform("hour of signing up", customer) * 0.6
    changed = F.when(why == MOVED, F.col("moved")).when(why == CLASSED, F.col("classed"))
    rows = (
        customers.where(F.col("signed_up") < world.until_day)
        .withColumn("moved", _day_of_change(world, "moves", 0.10))
        .withColumn("classed", _day_of_change(world, "classed", 0.08))
        .withColumn("why", F.lit(reasons[0]) if len(reasons) == 1 else F.explode(F.array(*map(F.lit, reasons))))
        .withColumn("changed", changed.otherwise(F.col("signed_up") + hour))
        .where((F.col("changed") > F.col("signed_up")) & (F.col("changed") < world.until_day))
    )
    return rows.withColumn("day", F.floor("changed").cast("int"))


def _day_of_change(world: World, name: str, share: float) -> Column:
    """Time in days of a change; NULL for those who have none in the span or had not yet signed up."""
    customer, days = F.col("customer"), world.profile.days
    when = world.chance.uniform(f"{name}: when", customer) * days
    return F.when((world.chance.uniform(name, customer) < share) & (when > F.col("signed_up") + 2), when)


def _with_names(rows: DataFrame, world: World) -> DataFrame:
    """Adds country, home (0, or 1 once moved), place, street and the names of person and company."""
    chance, people, customer = world.chance, make_people(), F.col("customer")
    rows = rows.withColumn("country", people.country(chance, customer))
    country = F.col("country")
    lives = (F.coalesce(F.col("moved"), F.lit(1e9)) <= F.col("changed")).cast("int")
    return (
        rows.withColumn("home", lives)
        .withColumn("place", people.city(chance.uniform("city", customer, F.col("home")), country))
        .withColumn("first_name", looked_up(people.first_names, country, chance.uniform("first name", customer)))
        .withColumn("last_name", looked_up(people.last_names, country, chance.uniform("last name", customer)))
        .withColumn("street", looked_up(people.streets, country, chance.uniform("street", customer, F.col("home"))))
        .withColumn("company", looked_up(people.companies, country, chance.uniform("company", customer)))
    )


def with_attributes(rows: DataFrame, world: World) -> DataFrame:
    """Adds the columns of the file to `versions`."""
    chance, people, customer, country = world.chance, make_people(), F.col("customer"), F.col("country")
    rows = _with_names(rows, world)
    home = customer, F.col("home")
    number = F.floor(1 + chance.uniform("house", *home) * 180).cast("string")
    is_company = chance.uniform("is company", customer) < 0.06
    postal = F.concat(F.get("place", F.lit(2)), people.digits(lambda one: one.postal, chance, "postal", country, *home))
    born = F.date_sub(F.lit(world.profile.start), (6_600 + chance.uniform("born", customer) * 19_000).cast("int"))
    return rows.withColumns(
        {
            "customer_id": customer_id(customer),
            "email": _email(world),
            "company_name": F.when(is_company, F.col("company")),
            "phone": people.digits(lambda one: one.phone, chance, "phone", country, customer),
            "birth_date": F.date_format(born, "yyyy-MM-dd"),
            "gender": _one_of(_GENDERS, chance.uniform("gender", customer)),
            "customer_segment": _segment(world),
            "acquisition_channel": _one_of(_CHANNELS, chance.uniform("acquired", customer)),
            "signed_up_on": date_text(world, F.col("signed_up")),
            "address": F.concat_ws(" ", number, F.col("street")),
            "postal_code": postal,
            "city": F.get("place", F.lit(0)),
            "region": F.get("place", F.lit(1)),
            "country_name": F.get(F.array(*(F.lit(one.name) for one in people.countries)), country),
            "updated_at": instant_text(world, F.col("changed")),
        }
    )


def _email(world: World) -> Column:
    """first.last and a number at one of the country's reserved domains."""
    people, chance, customer = make_people(), world.chance, F.col("customer")
    domains = F.array(*(F.array(*map(F.lit, one.mail)) for one in people.countries))
    pool = F.get(domains, F.col("country"))
    domain = F.get(pool, F.floor(chance.uniform("mail", customer) * F.size(pool)).cast("int"))
    first = looked_up(in_mail(people.first_names), F.col("country"), chance.uniform("first name", customer))
    last = looked_up(in_mail(people.last_names), F.col("country"), chance.uniform("last name", customer))
    return F.concat(first, F.lit("."), last, (customer % 9973).cast("string"), F.lit("@"), domain)


def _segment(world: World) -> Column:
    """VIP, Regular or Occasional: by hidden rate and spend level, seen through some noise, anew when re-classed."""
    customer = F.col("customer")
    again = (F.coalesce(F.col("classed"), F.lit(1e9)) <= F.col("changed")).cast("int")
    noise = 0.6 + 0.8 * world.chance.uniform("segment", customer, again)
    worth = F.col("rate") * 30.4 * spend_level(world, customer) * noise
    return F.when(worth > 0.30, "VIP").when(worth > 0.07, "Regular").otherwise("Occasional")


def _one_of(names: tuple[str, ...], draw: Column) -> Column:
    return F.get(F.array(*map(F.lit, names)), F.floor(draw * len(names)).cast("int"))

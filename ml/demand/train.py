"""Training of demand: the backtest of all candidates, the winner of each level, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.settings import models as settings
from ml.demand import boosting
from ml.demand.backtest import Origin, Origins, judged, origins
from ml.demand.calendar import Known
from ml.demand.candidates import BY_LEVEL, Evidence, choices, difference, final, scores, unbeaten
from ml.demand.curves import curves, example, prediction
from ml.demand.gathered import Gathered
from ml.demand.models import BASELINES
from ml.demand.panel import Level, Panel, panels
from ml.demand.plan import BOOSTER, Choice, Plan, from_files, to_files
from ml.demand.series import MEASURES, last_week
from ml.extras import needs_extra
from ml.training import Candidate, Difference, Files, NotTrained, Score, Training, Window

MEASURE = "wape"
LEVEL: tuple[Level, str] = ("category", "revenue")
"""What candidates are compared by."""
Judged = Mapping[int, Mapping[str, Origin]]
"""Origin -> measure -> what was said."""


@dataclass(frozen=True)
class Backtest:
    """The backtest of one currency."""

    panel: Panel
    places: Origins
    judged: Judged

    def evidence(self, measure: str) -> Evidence:
        folds = [self.judged[one][measure] for one in self.places.folds]
        whole = [self.judged[one][measure] for one in self.places.whole]
        return Evidence(folds, whole, self.judged[self.places.test][measure])


def train(
    given: Gathered,
    *,
    rules: settings.Demand,
    models: settings.Models,
    champion: Files | None = None,
    spark: SparkSession | None = None,
) -> Training | NotTrained:
    """One source's demand. With `spark`, series beyond 3,000 are forecast over partitions. Raises ExtraMissing."""
    needs_extra()
    found = by_weight(panels(given.sales, last=last_week(given.as_of)), rules.horizon_weeks)
    weeks = found[0].weeks if found else 0
    places = origins(weeks, rules) if found else None
    if weeks < rules.least_weeks or places is None:
        least = max(rules.least_weeks, 2 * rules.horizon_weeks + 20)
        return NotTrained("demand", given.source, f"There are {weeks} full weeks of sales; {least} are needed.")
    if not sold_within(found[0], rules.horizon_weeks):
        return NotTrained("demand", given.source, _nothing_to_judge_by(found[0], rules.horizon_weeks))
    beforehand = given.beforehand
    boosters = _boosters(found[0], places, beforehand, rules, models.seed)
    tests = [Backtest(one, places, _judged(one, places, beforehand, rules, boosters, spark)) for one in found]
    return _training(tests, given.source, boosters, champion, beforehand, rules, models, spark)


def by_weight(every: Iterable[Panel], horizon_weeks: int) -> list[Panel]:
    """The main currency first: of those that still sell the one with the most lines."""
    return sorted(every, key=lambda one: (not sold_within(one, horizon_weeks), -one.sales["lines"].sum(), one.currency))


def sold_within(panel: Panel, last_weeks: int) -> bool:
    """Whether candidates can be held against what was sold in the last weeks: errors are shares of revenue."""
    return bool(panel.sales[LEVEL[1]][:, -last_weeks:].sum() > 0)


def _nothing_to_judge_by(panel: Panel, horizon_weeks: int) -> str:
    return (
        f"Nothing was sold in {panel.currency} from {panel.week(panel.weeks - horizon_weeks)} on, the {horizon_weeks}"
        " weeks that candidates are judged on: data of long ago is looked at with --as-of."
    )


def _boosters(
    panel: Panel, places: Origins, beforehand: Known, rules: settings.Demand, seed: int
) -> dict[int, boosting.Booster | None]:
    """Weeks known -> the booster trained on them; all weeks too, for what is published. Folds share the first one's."""
    every = {places.folds[0], *places.whole, places.test, panel.weeks}
    trunks = boosting.trunks(panel, beforehand, rules.horizon_weeks)
    return {
        weeks: boosting.trained(panel.until(weeks), trunks, beforehand, rules.horizon_weeks, seed=seed)
        for weeks in sorted(every)
    }


def _judged(
    panel: Panel,
    places: Origins,
    beforehand: Known,
    rules: settings.Demand,
    boosters: Mapping[int, boosting.Booster | None],
    spark: SparkSession | None,
) -> Judged:
    found = {}
    for origin in sorted({*places.folds, *places.whole, places.test}):
        end = places.test if origin < places.test else panel.weeks
        horizon = min(rules.horizon_weeks, end - origin)
        booster = boosters[max(weeks for weeks in boosters if weeks <= origin)]
        found[origin] = judged(panel, origin, beforehand, horizon, booster, spark)
    return found


def _training(
    tests: list[Backtest],
    source: str,
    boosters: Mapping[int, boosting.Booster | None],
    champion: Files | None,
    beforehand: Known,
    rules: settings.Demand,
    models: settings.Models,
    spark: SparkSession | None,
) -> Training:
    main = tests[0]
    chosen = {one.panel.currency: {name: choices(one.evidence(name)) for name in MEASURES} for one in tests}
    candidates = [
        _candidate(name, tests, chosen, boosters[main.panel.weeks]) for name in chosen[main.panel.currency]["revenue"]
    ]
    of_main = chosen[main.panel.currency][LEVEL[1]]
    test = main.evidence(LEVEL[1]).test
    baselines = [one for one in candidates if one.is_baseline]
    baseline = min(baselines, key=lambda one: one.score(MEASURE, " ".join(LEVEL)).value).name
    against = Difference(
        baseline, *difference(of_main[BY_LEVEL], of_main[baseline], (test, test), LEVEL[0], seed=models.seed)
    )
    return Training(
        problem="demand",
        source=source,
        measure=MEASURE,
        level=" ".join(LEVEL),
        higher_is_better=False,
        candidates=candidates,
        best=BY_LEVEL,
        against_baseline=against,
        against_champion=_against_champion(champion, main, of_main[BY_LEVEL], beforehand, rules, models, spark),
        window=_window(main),
        example=example(main.evidence(LEVEL[1])),
        prediction=prediction(of_main[BY_LEVEL], main.evidence(LEVEL[1])),
        remarks=[*_remarks(tests, chosen, rules)],
        seed=models.seed,
    )


Chosen = Mapping[str, Mapping[str, Mapping[str, Choice]]]
"""Currency -> measure -> candidate -> choice."""


def _candidate(name: str, tests: list[Backtest], chosen: Chosen, booster: boosting.Booster | None) -> Candidate:
    found: list[Score] = []
    published: dict[str, dict[str, Choice]] = {}
    main = tests[0]
    for one in tests:
        suffix = "" if one is main else f" {one.panel.currency}"
        for measure in MEASURES:
            choice = chosen[one.panel.currency][measure].get(name)
            if choice is not None:
                evidence = one.evidence(measure)
                found += scores(choice, evidence, suffix)
                published.setdefault(one.panel.currency, {})[measure] = final(choice, evidence)
    plan = Plan(name, main.panel.currency, published)
    raw = bytes(booster.save_raw(raw_format="ubj")) if booster is not None else None
    files = to_files(plan, raw)
    of_revenue = chosen[main.panel.currency][LEVEL[1]][name]
    return Candidate(
        name,
        is_baseline=name in BASELINES,
        scores=found,
        files=files,
        parameters=_parameters(plan),
        curves=[*curves(of_revenue, main.evidence(LEVEL[1]), booster if BOOSTER in files else None)],
    )


def _parameters(plan: Plan) -> dict[str, Any]:
    return {
        f"{currency} {measure} {level}": method
        for currency, by_measure in plan.choices.items()
        for measure, choice in by_measure.items()
        for level, method in [*choice.methods.items(), ("adds up by", choice.way)]
    }


def _against_champion(
    champion: Files | None,
    main: Backtest,
    best: Choice,
    beforehand: Known,
    rules: settings.Demand,
    models: settings.Models,
    spark: SparkSession | None,
) -> Difference | None:
    """The champion's methods and its own booster at the origin of the test window."""
    if champion is None:
        return None
    plan = from_files(champion)
    booster = boosting.loaded(champion[BOOSTER]) if BOOSTER in champion else None
    origin = main.places.test
    theirs = judged(main.panel, origin, beforehand, rules.horizon_weeks, booster, spark)[LEVEL[1]]
    ours = main.evidence(LEVEL[1]).test
    choice = plan.choice(main.panel.currency, LEVEL[1])
    return Difference("champion", *difference(best, choice, (ours, theirs), LEVEL[0], seed=models.seed))


def _window(main: Backtest) -> Window:
    panel, test = main.panel, main.places.test
    return Window(panel.first, panel.week(test), panel.week(test), panel.week(panel.weeks))


def _remarks(tests: list[Backtest], chosen: Chosen, rules: settings.Demand) -> Iterator[str]:
    main = tests[0]
    yield (
        f"Candidates were chosen at origins with {', '.join(map(str, main.places.folds))} weeks of history and judged "
        f"on the last {rules.horizon_weeks}; planned campaigns count as known beforehand."
    )
    for one in tests:
        for measure in MEASURES:
            yield from unbeaten(chosen[one.panel.currency][measure][BY_LEVEL], one.evidence(measure))
    if main.panel.weeks < 104:
        yield "Less than two full years of history: MSTL was not tried, and no yearly season can be told from a trend."

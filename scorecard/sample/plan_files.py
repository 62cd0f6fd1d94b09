"""The small files beside the CRM: users, videos, video totals, ad reports, spend and the plan."""

from collections import Counter
from datetime import date, timedelta

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import Clock
from scorecard.sample.sheets import Sheets
from scorecard.sample.truth import Truth, quarter_start
from scorecard.sample.video import VideoCounts

USERS_HEADER = ("owner", "name", "email", "team", "region", "manager", "side")
VIDEOS_HEADER = ("video_id", "title", "duration_s", "published_at", "campaign_id", "platform")
VIDEO_PERIOD_HEADER = (
    *("video_id", "title", "period_start", "period_end", "loads", "plays", "uniques", "identified", "watch_s"),
    *("avg_pct", "finishes", "duration_s", "platform", "retention"),
)
SPEND_HEADER = ("period_start", "period_end", "channel", "platform", "campaign", "cost", "currency", "kind")
TARGETS_HEADER = ("period", "grain", "metric", "side", "channel", "segment", "value")
ADS_HEADER = ("Day", "Campaign", "Currency code", "Impr.", "Clicks", "CTR", "Cost", "Conversions")
ADS_CAMPAIGNS = (("Brand", 62.0, 0.071, 2.1), ("Competitors", 118.0, 0.023, 5.4), ("Demo", 205.0, 0.031, 6.2))
ADS_DAYS = 410  # earlier paid search is in spend, by month
# channel, platform, campaign, kind, cost a month
MONTHLY_SPEND = (
    ("Paid social", "linkedin", "LinkedIn always on", "media", 9_800),
    ("Paid social", "meta", "Meta retargeting", "media", 3_100),
    ("Events", "", "Roadshow and forums", "media", 14_500),
    ("Email", "", "Mail platform", "tool", 1_900),
    ("Organic search", "", "Content agency", "agency", 5_200),
    ("Partner", "", "Partner programme", "media", 3_600),
    ("Outbound", "", "Sequencing tool", "tool", 2_700),
)


def write_users(sheets: Sheets) -> None:
    """Sellers with their teams and managers, and the marketers; in the first week only."""
    rows = []
    for team in world.TEAMS:
        region = world.REGIONS[team.regions[0]]
        for name in (team.manager, *team.sellers):
            manager = "" if name == team.manager else team.manager
            rows.append((name, name, _mail(name), team.name, region, manager, "sales"))
    rows += [(name, name, _mail(name), team, "", "", "marketing") for name, team in world.MARKETERS]
    sheets.write_rows(0, "users-{as_of}.csv", USERS_HEADER, rows)


def _mail(name: str) -> str:
    return name.lower().replace(" ", ".") + "@ourcompany.example"


def write_videos(sheets: Sheets) -> None:
    first = sheets.clock.as_ofs[-1] - timedelta(days=740)
    rows = [
        (
            video.key,
            video.title,
            video.seconds,
            (first + timedelta(days=9 * number)).isoformat(),
            f"V{number}",
            "wistia" if video in world.VIDEOS else "vidyard",
        )
        for number, video in enumerate((*world.VIDEOS, *world.SENT_VIDEOS))
    ]
    sheets.write_rows(0, "videos-{as_of}.csv", VIDEOS_HEADER, rows)


def write_video_periods(rng: np.random.Generator, sheets: Sheets, counts: VideoCounts) -> None:
    """Per video and seven days: how often it was shown and played, and how far people went."""
    last = sheets.clock.as_ofs[-1]
    periods = counts.views.shape[1]
    weeks = len(sheets.clock.as_ofs)
    rows: list[list[tuple[object, ...]]] = [[] for _ in range(weeks)]
    for period in range(periods):
        end = last - timedelta(days=7 * (periods - 1 - period))
        week = max(0, weeks - periods + period)
        for number, video in enumerate(world.VIDEOS):
            views = int(counts.views[number, period])
            plays = views + int(rng.poisson(1.2 * views + 1))
            loads = int(plays / video.play_rate * rng.uniform(0.92, 1.08))
            percent = counts.percent[number, period] / views if views else 40.0
            watched = int(plays * video.seconds * percent / 100)
            finishes = int(plays * counts.finished[number, period] / views) if views else 0
            is_latest = period >= periods - weeks
            curve = _retention(video.seconds, percent / 100) if is_latest else ""
            start = (end - timedelta(days=6)).isoformat()
            totals = (loads, plays, max(1, int(plays * 0.86)), int(counts.identified[number, period]), watched)
            last_cells = (f"{percent:.0f}%", finishes, video.seconds, "wistia", curve)
            rows[week].append((video.key, video.title, start, end.isoformat(), *totals, *last_cells))
    for week, found in enumerate(rows):
        sheets.write_rows(week, "video_period-{as_of}.csv", VIDEO_PERIOD_HEADER, found)


def _retention(seconds: int, mean: float) -> str:
    """Share of plays still watching, at eleven points; falls fast, then slowly."""
    steep = max(0.3, 1 / max(mean, 0.05) - 1)
    points = [(round(seconds * tenth / 10), (1 - tenth / 11) ** steep) for tenth in range(11)]
    return ";".join(f"{second}:{share:.2f}" for second, share in points)


def write_spend(rng: np.random.Generator, sheets: Sheets, scale: float) -> Counter[str]:
    """Cost per channel: whole months, then the days since, up to each export. The cents per quarter/channel."""
    spent: Counter[str] = Counter()
    clock = sheets.clock
    first_ads = _first_ads_day(clock)
    month = (clock.as_ofs[-1] - timedelta(days=730)).replace(day=1)
    previous = month - timedelta(days=1)
    for week, as_of in enumerate(clock.as_ofs):
        rows: list[tuple[object, ...]] = []
        for start, end in _spans(previous + timedelta(days=1), as_of):
            lines = list(MONTHLY_SPEND)
            if end < first_ads:
                lines.append(("Paid search", "google_ads", "All campaigns", "media", 16_500))
            days = (end - start).days + 1
            for channel, platform, campaign, kind, monthly in lines:
                season = 1.5 if channel == "Events" and start.month in (5, 10, 11) else 1.0
                cost = monthly * scale * season * days / 30.4 * rng.uniform(0.9, 1.1)
                cells = (channel, platform, campaign, f"{cost:.2f}", "USD", kind)
                rows.append((start.isoformat(), end.isoformat(), *cells))
                spent[f"{quarter_start(start)}/{channel}"] += round(100 * float(f"{cost:.2f}"))
        sheets.write_rows(week, "spend-{as_of}.csv", SPEND_HEADER, rows)
        previous = as_of
    return spent


def _spans(first: date, last: date) -> list[tuple[date, date]]:
    """The days from first to last, cut at the ends of months."""
    spans = []
    while first <= last:
        next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = min(last, next_month - timedelta(days=1))
        spans.append((first, end))
        first = end + timedelta(days=1)
    return spans


def _first_ads_day(clock: Clock) -> date:
    return (clock.as_ofs[-1] - timedelta(days=ADS_DAYS)).replace(day=1)


def write_ads(rng: np.random.Generator, sheets: Sheets, scale: float) -> Counter[str]:
    """Google Ads campaign reports with title, period, day rows and two total lines. The cents per quarter/channel."""
    clock = sheets.clock
    start = _first_ads_day(clock)
    spent: Counter[str] = Counter()
    for week, as_of in enumerate(clock.as_ofs):
        days = [start + timedelta(days=number) for number in range((as_of - start).days + 1)]
        lines = ["Campaign report", f'"{_long_date(start)} - {_long_date(as_of)}"', ",".join(ADS_HEADER)]
        totals = np.zeros(4)
        for day in days:
            for name, daily, rate, price in ADS_CAMPAIGNS:
                quiet = 0.55 if day.weekday() >= 5 else 1.0
                cost = round(daily * scale * quiet * rng.uniform(0.75, 1.25), 2)
                clicks = int(cost / price)
                shown = int(clicks / rate)
                won = round(clicks * 0.03)
                totals += (shown, clicks, cost, won)
                spent[f"{quarter_start(day)}/Paid search"] += round(100 * cost)
                lines.append(_ads_line(f"{day.isoformat()},{name}", shown, clicks, cost, won))
        lines.append(_ads_line("Total: Campaigns, --", *totals))
        lines.append(_ads_line("Total: Account, --", *(totals * (1.01, 1.01, 1.012, 1.0))))
        name = "google-ads-campaigns-{as_of}.csv"
        sheets.write_text(week, name, "\n".join(lines) + "\n", len(days) * len(ADS_CAMPAIGNS))
        start = as_of + timedelta(days=1)
    return spent


def _long_date(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _ads_line(first: str, shown: float, clicks: float, cost: float, won: float) -> str:
    rate = f"{clicks / shown:.2%}" if shown else " --"
    return f"{first},USD,{_grouped(shown, 0)},{_grouped(clicks, 0)},{rate},{_grouped(cost, 2)},{won:.2f}"


def _grouped(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return f'"{text}"' if "," in text else text


# How the plan of a channel leans against its level: some are asked for more than they bring, some for less.
_CHANNEL_LEAN = {"Organic search": 0.95, "Paid search": 0.97, "Paid social": 0.92, "Email": 1.10, "Events": 1.15}
_QUARTER_PLAN = (0.96, 1.05, 1.02, 1.03)
_SLA_PLAN = 0.9
_HANDED_OVER, _LEAD_VALUE = 0.58, 10_000  # the share of leads handed over, and what one of these is planned to be worth


def write_targets(sheets: Sheets, truth: Truth, spend_per_quarter: float) -> None:
    """A plan for the four quarters of the year: totals, and revenue and leads per marketing channel."""
    year = sheets.clock.as_ofs[-1].year
    rows: list[tuple[object, ...]] = []
    for quarter in range(4):
        start = date(year, 3 * quarter + 1, 1)
        level = truth.quarter_levels(start)
        factor = _QUARTER_PLAN[quarter]

        def add(metric: str, value: float, channel: str = "", start: date = start) -> None:
            rows.append((start.isoformat(), "quarter", metric, "", channel, "", value))

        add("marketing_sourced_revenue", _round(factor * level.marketing_revenue))
        add("won_revenue", _round(factor * level.won_revenue))
        add("pipeline_created", _round(factor * level.pipeline))
        add("new_leads", _round(0.97 * level.leads))
        add("handed_over_leads", _round(0.97 * _HANDED_OVER * level.leads))
        add("lead_value_delivered", _round(0.97 * _HANDED_OVER * level.leads * _LEAD_VALUE))
        add("cost_per_won_customer", _round(1.08 * spend_per_quarter / max(level.customers, 1)))
        add("follow_up_in_sla", _SLA_PLAN)
        add("win_rate_closed", round(1.02 * level.win_rate, 2))
        add("lead_to_win_rate", round(0.95 * level.lead_to_win, 3))
        add("viewer_win_rate", round(0.96 * truth.viewer_win_rate, 2))
        for channel, revenue in _channel_plans(factor * level.marketing_revenue, level.channel_revenue).items():
            add("marketing_sourced_revenue", revenue, channel)
            add("new_leads", _round(0.97 * level.channel_leads[world.CHANNELS.index(channel)]), channel)
    sheets.write_rows(0, "targets-{as_of}.csv", TARGETS_HEADER, rows)


def _channel_plans(total: float, levels: list[float]) -> dict[str, int]:
    """The total of a quarter's plan shared out over the marketing channels."""
    leaned = {name: lean * levels[world.CHANNELS.index(name)] for name, lean in _CHANNEL_LEAN.items()}
    together = max(sum(leaned.values()), 1.0)
    return {name: _round(total * level / together) for name, level in leaned.items()}


def _round(value: float) -> int:
    """Two significant digits, as plans are."""
    if value < 100:
        return round(value)
    size = 10 ** (len(str(int(value))) - 2)
    return round(value / size) * size

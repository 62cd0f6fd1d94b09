"""The company the sample tells of: its sources, segments, videos, sellers and words. Nobody in it exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where people come from, how often they buy and how long that takes."""

    channel: str
    side: str
    raw: tuple[str, ...]  # what the CRM's source field says; one is drawn per person
    share_first: float  # share of new people at the start of the history
    share_last: float  # ... and at its end
    win: float  # chance that a person buys in the end, before video, follow-up and segment
    win_days: float  # median days from first contact to a win
    lost: float  # chance that it ends in a lost deal
    watch: float  # how much likelier than average they watch a video
    nps: float  # mean answer of its customers
    detail: tuple[str, ...]  # first drill-down


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _sources(table: str) -> tuple[Source, ...]:
    """One source a line, its cells apart by `|`, its words by `;`."""
    found = []
    for line in table.strip().splitlines():
        channel, side, raw, *numbers, detail = (cell.strip() for cell in line.split("|"))
        found.append(
            Source(channel, side, tuple(raw.split(";")), *map(float, numbers), detail=tuple(detail.split(";")))
        )
    return tuple(found)


# channel | side | what the CRM says | share first, last | win | days | lost | watch | nps | drill-down
SOURCES = _sources("""
    Organic search    | marketing | Organic Search    | .19 | .23 | .135 | 55  | .23 | 1.0 | 8.4 | pricing;compare;
    Paid search       | marketing | Paid Search       | .17 | .15 | .095 | 40  | .22 | 0.9 | 7.6 | Brand;Rivals;Demo
    Paid social       | marketing | Paid Social       | .14 | .08 | .050 | 60  | .20 | 0.6 | 6.8 | LinkedIn;Facebook
    Email             | marketing | Email Marketing   | .08 | .08 | .105 | 45  | .20 | 1.1 | 8.0 | Newsletter;Nurture
    Events            | marketing | Events            | .10 | .13 | .215 | 165 | .24 | 1.6 | 8.6 | Autumn forum;Roadshow
    Customer referral | customer  | Customer Referral | .05 | .05 | .230 | 50  | .22 | 1.3 | 9.1 |
    Partner           | partner   | Partner           | .05 | .06 | .175 | 80  | .24 | 1.0 | 8.5 | Reseller;Integrator
    Outbound          | sales     | Outbound          | .14 | .14 | .115 | 70  | .30 | 0.7 | 7.4 | Call list;Sequence
    Direct            | unknown   | Direct Traffic    | .04 | .04 | .120 | 50  | .22 | 1.0 | 8.0 |
    Unknown           | unknown   | ;Other;Offline Sources | .04 | .04 | .300 | 45 | .20 | 1.3 | 8.3 |
""")
CHANNELS = tuple(source.channel for source in SOURCES)
SIDES = tuple(source.side for source in SOURCES)
UNKNOWN = CHANNELS.index("Unknown")
EVENTS = CHANNELS.index("Events")
OUTBOUND = CHANNELS.index("Outbound")
# A journey's later touches: how often each channel turns up, whatever the first one was.
LATER_TOUCHES = (0.24, 0.12, 0.08, 0.26, 0.10, 0.01, 0.03, 0.05, 0.11, 0.0)
TOUCH_KINDS = ("session", "ad_click", "ad_click", "email", "event", "form", "form", "email", "session", "session")
TOUCH_CAMPAIGNS = (
    ("", ""),
    ("Brand", "Demo"),
    ("Retarget", "Lookalike"),
    ("Nurture", "Newsletter"),
    ("Autumn forum", "Roadshow"),
    ("", ""),
    ("", ""),
    ("Sequence A", "Sequence B"),
    ("", ""),
    ("", ""),
)


@dataclass(frozen=True)
class Segment:
    """Size of customer."""

    name: str
    share: float
    win: float  # times the source's chance
    slow: float  # times the source's days
    watch: float  # times the chance to watch: the confounding by intent
    amount: float  # median deal
    product: str
    employees: tuple[int, int]


SEGMENTS = (
    Segment("SMB", 0.50, 0.80, 0.90, 0.75, 14_000, "Core", (10, 199)),
    Segment("Mid-market", 0.33, 1.05, 1.00, 1.10, 36_000, "Plus", (200, 999)),
    Segment("Enterprise", 0.17, 1.40, 1.20, 1.65, 68_000, "Suite", (1000, 9000)),
)
REGIONS = ("Americas", "EMEA", "APAC")
REGION_SHARES = (0.50, 0.33, 0.17)
COUNTRIES = (("United States", "Canada"), ("Germany", "United Kingdom"), ("Japan", "Australia"))
WATCH_SHARE = 0.30
HAZARD_RATIO = 1.3


@dataclass(frozen=True)
class Video:
    """A video: `share` of the views before a deal closes, `after` of those after a win."""

    key: str
    title: str
    seconds: int
    share: float
    after: float
    play_rate: float


VIDEOS = (
    Video("product-tour", "Product tour", 200, 0.38, 0.05, 0.36),
    Video("customer-story", "Customer story", 95, 0.25, 0.0, 0.29),
    Video("pricing-explained", "Pricing explained", 140, 0.20, 0.05, 0.44),
    Video("webinar-replay", "Webinar replay", 2700, 0.14, 0.0, 0.18),
    Video("onboarding-basics", "Onboarding basics", 420, 0.03, 0.90, 0.52),
)
# What the sellers send one to one; on no page, so in no totals of a page.
SENT_VIDEOS = (
    Video("personal-hello", "A hello from your contact", 45, 0.0, 0.0, 0.0),
    Video("proposal-walkthrough", "Proposal, step by step", 170, 0.0, 0.0, 0.0),
)


@dataclass(frozen=True)
class Team:
    """A sales team: the regions it serves, its people, and how fast it follows up.

    `classes`: percent followed within the hour, the same day, after days, never.
    """

    name: str
    regions: tuple[int, ...]
    manager: str
    sellers: tuple[str, ...]
    classes: tuple[int, int, int, int]


TEAMS = (
    Team("Inside Sales East", (0,), "Greta Olmar", ("Mara Quillan", "Teo Brask", "Ines Volder"), (49, 29, 5, 17)),
    Team("Inside Sales West", (0, 2), "Hugo Santrel", ("Remy Astrup", "Nia Corvane"), (14, 30, 32, 24)),
    Team("Field Sales EMEA", (1,), "Liv Marchetto", ("Jonas Wickhal", "Edda Faber", "Paolo Trevin"), (41, 34, 7, 18)),
)
FOLLOW_CLASSES = ("within the hour", "same day", "after days", "never")
FOLLOW_HAZARD = (1.15, 1.0, 0.85, 0.60)  # times the win hazard
FOLLOW_MINUTES = ((3, 55), (60, 540), (1500, 8000))
MARKETERS = (("Oda Plessner", "Demand Generation"), ("Silas Monk-Reyes", "Content"))

OPEN_STAGES = (
    "Appointment scheduled",
    "Qualified to buy",
    "Presentation scheduled",
    "Decision maker bought-in",
    "Contract sent",
)
STAGE_PROBABILITY = ("0.2", "0.4", "0.6", "0.8", "0.9")
LOSS_REASONS = ("Price", "No decision", "Competitor", "Missing feature", "No budget")
DISQUALIFIED_REASONS = ("No fit", "No budget", "No reply", "Wrong data", "")

FIRST_NAMES = _words(
    "Ana Bo Cleo Dario Elif Finn Gala Hana Ivo Jora Kai Lena Milo Nora Otto Petra Quin Rosa Sami Tara Udo Vera Wim "
    "Xenia Yara Zoe Anouk Björn Chloé Emre Femi Isak Juno Kemal Lars Maja"
)
LAST_NAMES = _words(
    "Abrenth Belvoss Cardune Dremlow Eskander Fallwick Garrone Hestrup Ilvane Jorvand Kestrell Lomberg Marwick Nolvent "
    "Orsted Pellowe Quarmby Ravndal Selwyck Tamberlin Ulmark Vastrand Wexholm Yarrowby Zellander Arkwell Brontel "
    "Corvix Dunmarch Everlow Fennick Grolsten Harmond Istrel Jaskell Korrand Lindovar Mossgate Nyvell Oakrune"
)
COMPANY_HEADS = _words(
    "Velto Brightpine Cobalt Northway Lumen Harbor Quanta Silver Maple Orbit Terra Nimbus Copper Vista Delta Ember "
    "Falcon Granite Helix Indigo Juniper Krona Lattice Meridian Nova Onyx Pioneer Quartz Rivet Sable Tundra"
)
COMPANY_TAILS = _words(
    "Labs Foods Systems Logistics Health Media Energy Works Retail Motors Textiles Bank Robotics Travel"
)
COMPANY_ENDINGS = ("", " Group", " Inc", " Ltd", " GmbH", " AG", " Holding", " Co")
INDUSTRIES = ("Software", "Manufacturing", "Retail", "Healthcare", "Logistics", "Finance")
PLACES = (
    (("US", "MA", "Boston"), ("US", "CA", "Oakland"), ("CA", "ON", "Toronto")),
    (("DE", "BE", "Berlin"), ("GB", "ENG", "Leeds"), ("SE", "AB", "Stockholm")),
    (("JP", "13", "Tokyo"), ("AU", "VIC", "Melbourne"), ("SG", "", "Singapore")),
)
COMMENTS = (
    "",
    "",
    "",
    "Quick answers, thanks",
    "Setup took too long",
    "Great onboarding",
    "Price is high, product good",
)

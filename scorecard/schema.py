"""The one schema every export becomes: kinds, their columns and the types those are read as."""

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal[
    "text", "id", "ids", "email", "timestamp", "money", "number", "integer", "percent", "boolean", "duration"
]

SQL_TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "ids": "VARCHAR",  # several ids joined by ';', each normalised
    "email": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "money": "DECIMAL(18, 4)",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "percent": "DOUBLE",  # 0..1, uncapped: 1.02 is a rewatched video
    "boolean": "BOOLEAN",
    "duration": "DOUBLE",  # seconds
}

# A cell that cannot be read sends its row to quarantine for these types; for the others the
# cell is left empty, counted and noted, because the row's money and dates are still right.
QUARANTINE_TYPES: frozenset[ColumnType] = frozenset({"timestamp", "money"})


@dataclass(frozen=True)
class Column:
    """One canonical column. `required`: no file of the kind loads without it being mapped."""

    name: str
    type: ColumnType
    doc: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One canonical table. `key`: its id column or None; `natural_key`: identity of rows that carry no id."""

    name: str
    title: str
    doc: str
    key: str | None
    natural_key: tuple[str, ...]
    columns: tuple[Column, ...]
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the kind has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from lines `name type[!] what it says` (`!` = required)."""
    found = []
    for line in text.strip().splitlines():
        name, type_, doc = line.split(None, 2)
        found.append(Column(name, type_.rstrip("!"), doc.strip(), type_.endswith("!")))  # pyright: ignore[reportArgumentType]
    return tuple(found)


_KINDS = (
    Kind(
        "people",
        "People",
        "Leads and contacts: everybody who could buy.",
        "person_id",
        ("email", "name", "company_name", "created_at"),
        _columns("""
            person_id id the record's id in its system
            created_at timestamp when the record was created
            source_raw text the lead source exactly as the CRM says it
            email email used only to join; shown masked
            name text full name
            first_name text first name, when the export splits names
            last_name text last name, when the export splits names
            ext_ids ids other ids of the same person, such as the contact a lead became
            company_id id the company the person works for
            company_name text that company's name
            deal_ids ids deals this person is associated with
            lifecycle_stage text the lifecycle stage as the CRM says it
            status text the lead status as the CRM says it
            mql_at timestamp became a marketing qualified lead
            sal_at timestamp accepted by Sales
            sql_at timestamp became a sales qualified lead
            opp_at timestamp became an opportunity
            customer_at timestamp became a customer
            disqualified_at timestamp disqualified or rejected
            disq_reason text why it was disqualified or rejected
            assigned_at timestamp given to an owner
            first_response_at timestamp first human outbound contact after the hand-over
            owner text who looks after the record
            team text the owner's team
            region text sales region
            product text the product the person asked about
            country text country
            segment text customer segment or tier
            score number lead score
            campaign_id id first campaign
            campaign_name text first campaign's name
            source_detail_1 text first drill-down of the source
            source_detail_2 text second drill-down of the source
            converted_flag boolean the lead was converted
            account_list text target-account list the person's company is on
            modified_at timestamp last modified
        """),
    ),
    Kind(
        "companies",
        "Companies",
        "Accounts: the companies people and deals belong to.",
        "company_id",
        ("name", "domain"),
        _columns("""
            company_id id the record's id in its system
            name text company name
            domain text web domain
            industry text industry
            employees integer number of employees
            country text country
            owner text who looks after the account
            segment text customer segment or tier
            region text sales region
            account_list text target-account list the company is on
            created_at timestamp when the record was created
            first_won_at timestamp became a customer
            churned_at timestamp stopped being a customer
            modified_at timestamp last modified
        """),
    ),
    Kind(
        "deals",
        "Deals",
        "Opportunities: what may be, was or was not sold.",
        "deal_id",
        ("name", "company_id", "company_name", "created_at", "lead_id"),
        _columns("""
            deal_id id the record's id in its system
            name text deal name
            stage_raw text the stage exactly as the CRM says it
            status text open, won or lost, when the export says so
            amount money what the deal is worth, in its currency
            amount_home money the same in the reporting currency, as the CRM converted it
            currency text ISO code of amount
            created_at timestamp when the deal was created
            closed_at timestamp won or lost on; for an open deal, expected to close on
            expected_close_at timestamp expected to close on
            pipeline text pipeline
            type text new, expansion or renewal, as the CRM says it
            company_id id the buying company
            company_name text that company's name
            primary_person_id id the main contact
            person_ids ids all associated contacts
            lead_id id the lead the deal came from
            person_email email the main contact's address
            owner text the deal's owner
            team text the owner's team
            region text sales region
            product text product sold
            segment text customer segment or tier
            source_raw text the lead source exactly as the CRM says it
            campaign_id id primary campaign
            campaign_name text primary campaign's name
            loss_reason text why it was lost
            crm_probability percent the CRM's own close probability, by its stages or typed
            vendor_score percent how likely the vendor's own model calls a win, 0 to 100
            margin money gross margin
            discount percent discount given
            next_step text next step
            forecast_category text the CRM's forecast category
            account_list text target-account list
            modified_at timestamp last modified
        """),
        needs_one_of=(("stage_raw", "status"),),
    ),
    Kind(
        "deal_people",
        "Deal contact roles",
        "Which people took part in which deal.",
        None,
        ("deal_id", "person_id"),
        _columns("""
            deal_id id! the deal
            person_id id! the person
            role text the person's role
            is_primary boolean main contact
        """),
    ),
    Kind(
        "stage_events",
        "Stage history",
        "When a deal or a person entered and left each stage.",
        None,
        ("entity", "entity_id", "stage", "entered_at"),
        _columns("""
            entity text deal or person
            entity_id id! the deal's or person's id
            stage text! the stage as the CRM says it
            entered_at timestamp! entered the stage
            exited_at timestamp left the stage
        """),
    ),
    Kind(
        "activities",
        "Activities",
        "Calls, mails, meetings and tasks of people who sell.",
        "activity_id",
        ("at", "type", "person_id", "lead_id", "contact_id", "deal_id", "owner", "subject"),
        _columns("""
            activity_id id the record's id in its system
            at timestamp! when it happened
            type text call, email, meeting, task
            person_id id the person, where the export has one kind of person
            lead_id id the lead it was logged on
            contact_id id the contact it was logged on
            email email the person's address
            deal_id id the deal it was logged on
            company_id id the company it was logged on
            owner text who did it
            side text sales or marketing
            direction text inbound or outbound
            outcome text connected, left voicemail, ...
            is_automated boolean sent by a sequence, not by a person
            subject text subject
            duration_s duration how long it took
            modified_at timestamp last modified
        """),
    ),
    Kind(
        "touches",
        "Touches",
        "Every contact of a person with Marketing or Sales before a deal closes.",
        "touch_id",
        ("at", "person_id", "email", "anon_id", "channel", "campaign_id", "kind"),
        _columns("""
            touch_id id the record's id in its system
            at timestamp! when it happened
            person_id id the person
            email email the person's address
            anon_id text visitor id of somebody not yet known
            channel text channel as the export says it
            kind text session, form, email, event, member_response, ad_click or video
            source_raw text source as the export says it
            utm_source text utm_source
            utm_medium text utm_medium
            utm_campaign text utm_campaign
            utm_content text utm_content
            utm_term text utm_term
            campaign_id id campaign
            campaign_name text campaign name
            team text marketing or sales
            credit_weight number 0 keeps the touch out of attribution
            session_id text session
            responded boolean the campaign member responded
        """),
    ),
    Kind(
        "campaigns",
        "Campaigns",
        "Campaigns with their plan and cost.",
        "campaign_id",
        ("name",),
        _columns("""
            campaign_id id the record's id in its system
            name text campaign name
            type text campaign type
            channel text channel
            status text status
            start_at timestamp first day
            end_at timestamp last day
            budget money planned cost
            actual_cost money actual cost
            currency text ISO code
            created_at timestamp when the record was created
            modified_at timestamp last modified
        """),
    ),
    Kind(
        "spend",
        "Spend",
        "What Marketing and Sales cost, by period, platform and campaign.",
        None,
        ("period_start", "period_end", "platform", "channel", "campaign_id", "campaign", "kind"),
        _columns("""
            period_start timestamp first day the cost is for
            period_end timestamp last day the cost is for
            cost money! cost in its currency
            currency text ISO code
            channel text channel
            platform text google_ads, linkedin, meta, ...
            campaign text campaign name
            campaign_id id campaign id
            budget money planned cost
            impressions number impressions
            clicks number clicks
            platform_conversions number conversions as the platform counts them
            kind text media, tool, people or agency
            level text campaign, channel or total
        """),
    ),
    Kind(
        "videos",
        "Videos",
        "The videos and how long they are.",
        "video_id",
        ("title",),
        _columns("""
            video_id id the video's id in its platform
            title text title
            duration_s duration length
            published_at timestamp published
            campaign_id id campaign
            platform text wistia, vidyard, youtube, ...
        """),
    ),
    Kind(
        "video_views",
        "Video views",
        "One row per play of a video by one viewer.",
        "view_id",
        ("at", "person_id", "email", "viewer_key", "video_id", "video_title", "pct"),
        _columns("""
            view_id id the view's id in its platform
            at timestamp! when it was played
            person_id id the viewer, when known
            email email the viewer's address, when known
            viewer_key text the viewer's anonymous key
            video_id id the video
            video_title text the video's title
            pct percent share of the video watched
            seconds duration seconds watched
            is_identified boolean the platform knew the viewer
            identified_at timestamp when the viewer became known
            session_id text session
            context text page (marketing) or sales (sent one to one)
            owner text who sent it
            sent_at timestamp sent
            opened_at timestamp opened
            replied_at timestamp replied
            arm text when chance decided who is sent the video: a = with it, b = without
            platform text wistia, vidyard, ...
        """),
    ),
    Kind(
        "video_period",
        "Video totals",
        "Counts per video and period, without viewers.",
        None,
        ("video_id", "title", "period_start", "period_end", "platform"),
        _columns("""
            video_id id the video
            title text title
            period_start timestamp first day
            period_end timestamp last day
            loads number times the player was shown
            plays number plays
            uniques number unique viewers
            identified number identified viewers
            watch_s duration seconds watched
            avg_pct percent mean share watched, as the platform defines it
            finishes number finishes, as the platform defines them
            duration_s duration length of the video
            published_at timestamp published
            platform text wistia, youtube, ...
            retention text second:share pairs joined by ';'
        """),
    ),
    Kind(
        "surveys",
        "Surveys",
        "NPS, CSAT and CES answers.",
        "response_id",
        ("at", "kind", "email", "person_id", "score", "comment"),
        _columns("""
            response_id id the answer's id
            at timestamp! answered
            score number! the score given
            kind text nps, csat or ces
            scale_max number highest score possible
            person_id id who answered
            email email who answered
            company_id id their company
            company_name text their company's name
            owner text first owner
            comment text comment
        """),
    ),
    Kind(
        "revenue",
        "Recurring revenue",
        "Revenue per company and month.",
        None,
        ("company_id", "company_name", "month", "kind"),
        _columns("""
            company_id id the company
            company_name text the company's name
            month timestamp! first day of the month
            kind text new, expansion, contraction, churn or recurring
            amount money! revenue
            currency text ISO code
        """),
    ),
    Kind(
        "users",
        "Users",
        "The people who sell and market: team, region, manager.",
        "owner",
        (),
        _columns("""
            owner id! the user as the records name them
            name text full name
            first_name text first name, when the export splits names
            last_name text last name, when the export splits names
            email email address
            team text team
            region text region
            manager text manager
            side text sales or marketing
        """),
    ),
    Kind(
        "products",
        "Products",
        "The price list.",
        "product",
        (),
        _columns("""
            product id! product name or code as deals name it
            name text product name
            line text product line
            list_price money list price
            currency text ISO code
        """),
    ),
    Kind(
        "targets",
        "Targets",
        "The plan both teams agreed: a value for a metric and a period.",
        None,
        ("period", "metric", "side", "channel", "segment"),
        _columns("""
            period timestamp! first day of the quarter, month or week planned
            grain text week, month or quarter (default quarter)
            metric text! metric id
            side text marketing, sales, ...
            channel text channel
            segment text segment
            value money! the planned value
        """),
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}

# Every typed table carries these columns before the canonical ones.
LINEAGE: tuple[tuple[str, str], ...] = (
    ("system", "VARCHAR"),  # hubspot, zoho, own, ...
    ("object", "VARCHAR"),  # contact, lead, deal, ...: HubSpot contact 101 is not Salesforce lead 101
    ("record_key", "VARCHAR"),  # the id, or hash of the natural key + '#' + occurrence
    ("line_no", "BIGINT"),  # line in the file
    ("row_hash", "VARCHAR"),  # differs where a canonical column does; compares two versions of one record
)

SIDES = ("marketing", "sales", "partner", "customer", "unknown")
DIMENSIONS = (
    "channel",
    "source",
    "side",
    "campaign",
    "region",
    "segment",
    "product",
    "team",
    "owner",
    "pipeline",
    "video_engaged",
)

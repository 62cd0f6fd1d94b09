-- name: reference_candidates
-- title: Customers for a reference or a case study
-- definition: Won customers whose newest answer says they are satisfied (NPS of 9 or 10, or the top two of a CSAT
--   scale), and who gave no lower answer later - what Sales can give back to Marketing, largest won amount first.
--   The period is that of the answer.
-- params: account_lists, campaigns, channels, owners, period_end, period_start, products, regions, row_limit,
--   segments, sides, sources, teams, video_engaged
-- defaults: row_limit=200
-- needs: surveys.score
-- returns: company_name, person_name, channel, segment, owner, answered_on, kind, score, won_amount, won_on,
--   video_engaged
with newest as (
    select
        surveys.person_key,
        surveys.answered_on,
        surveys.kind,
        surveys.score,
        surveys.scale_max
    from surveys
    where surveys.person_key is not null and surveys.score is not null
    qualify
        row_number() over (
            partition by surveys.person_key order by surveys.answered_at desc, surveys.kind asc, surveys.score asc
        ) = 1
)

select
    lead_fact.company_name,
    lead_fact.person_name,
    lead_fact.channel,
    lead_fact.segment,
    lead_fact.owner,
    newest.answered_on,
    newest.kind,
    newest.score,
    lead_fact.won_amount,
    cast(lead_fact.won_at as date) as won_on,
    lead_fact.video_engaged
from newest
inner join lead_fact on newest.person_key = lead_fact.person_key
where
    lead_fact.is_won
    and (
        (coalesce(newest.kind, 'nps') = 'nps' and newest.score >= 9)
        or (newest.kind = 'csat' and newest.score >= coalesce(newest.scale_max, 5) - 1)
    )
    and ($period_start::date is null or newest.answered_on >= $period_start::date)
    and ($period_end::date is null or newest.answered_on < $period_end::date)
    and (len($channels) = 0 or list_contains($channels, coalesce(lead_fact.channel, '')))
    and (len($sources) = 0 or list_contains($sources, coalesce(lead_fact.source, '')))
    and (len($sides) = 0 or list_contains($sides, coalesce(lead_fact.side, '')))
    and (len($campaigns) = 0 or list_contains($campaigns, coalesce(lead_fact.campaign, '')))
    and (len($regions) = 0 or list_contains($regions, coalesce(lead_fact.region, '')))
    and (len($segments) = 0 or list_contains($segments, coalesce(lead_fact.segment, '')))
    and (len($products) = 0 or list_contains($products, coalesce(lead_fact.product, '')))
    and (len($teams) = 0 or list_contains($teams, coalesce(lead_fact.team, '')))
    and (len($owners) = 0 or list_contains($owners, coalesce(lead_fact.owner, '')))
    and (len($account_lists) = 0 or list_contains($account_lists, coalesce(lead_fact.account_list, '')))
    and (
        len($video_engaged) = 0
        or list_contains($video_engaged, case when lead_fact.video_engaged then 'yes' else 'no' end)
    )
order by lead_fact.won_amount desc, newest.answered_on desc, lead_fact.person_id asc
limit $row_limit

-- name: definition_gaps
-- title: Deals the definitions disagree on
-- definition: The won deals whose side is not the same under all three rules, with the money behind and, in words, what
--   the source field says, when the first touch was and when Sales made contact.
-- params: account_lists, business, campaigns, channels, owners, period_end, period_start, pipelines, products,
--   regions, row_limit, segments, sides, sources, teams, video_engaged
-- defaults: business=new, row_limit=10000000
-- needs: deals.source_raw|people.source_raw|touches.at
-- returns: deal_id, deal_name, company, closed_on, amount, field_side, origin_side, presales_side, why, owner
with chosen as (
    select
        deals.deal_id,
        deals.deal_name,
        deals.company_name,
        deals.created_at,
        deals.created_on,
        deals.closed_on,
        deals.amount,
        deals.owner,
        deals.source,
        deal_sides.*
    from deals
    inner join deal_sides on deals.deal_key = deal_sides.deal_key
    where
        deals.is_won
        and ($business = 'all' or deals.is_new_business)
        and ($period_start::date is null or deals.closed_on >= $period_start::date)
        and ($period_end::date is null or deals.closed_on < $period_end::date)
        and (len($channels) = 0 or list_contains($channels, coalesce(deals.channel, '')))
        and (len($sources) = 0 or list_contains($sources, coalesce(deals.source, '')))
        and (len($sides) = 0 or list_contains($sides, coalesce(deals.side, '')))
        and (len($campaigns) = 0 or list_contains($campaigns, coalesce(deals.campaign, '')))
        and (len($regions) = 0 or list_contains($regions, coalesce(deals.region, '')))
        and (len($segments) = 0 or list_contains($segments, coalesce(deals.segment, '')))
        and (len($products) = 0 or list_contains($products, coalesce(deals.product, '')))
        and (len($teams) = 0 or list_contains($teams, coalesce(deals.team, '')))
        and (len($owners) = 0 or list_contains($owners, coalesce(deals.owner, '')))
        and (len($pipelines) = 0 or list_contains($pipelines, coalesce(deals.pipeline, '')))
        and (len($account_lists) = 0 or list_contains($account_lists, coalesce(deals.account_list, '')))
        and (
            len($video_engaged) = 0
            or list_contains($video_engaged, case when deals.video_engaged then 'yes' else 'no' end)
        )
        and (
            deal_sides.field_side != deal_sides.origin_side
            or deal_sides.origin_side != deal_sides.presales_side
        )
),

worded as (
    select
        chosen.*,
        case chosen.field_rule
            when 'none' then 'no source field is filled'
            when 'contact source' then concat('the contact''s source field says ', chosen.field_source)
            else concat('the source field says ', chosen.field_source)
        end
        || case when chosen.field_channel = 'Unmapped' then ' (not mapped)' else '' end as field_words,
        case chosen.origin_rule
            when 'touch tie' then 'the first touches are of two sides at one second'
            when 'touch'
                then concat(
                    'the first touch was ',
                    chosen.first_channel,
                    ' on ',
                    strftime(chosen.first_touched_at, '%-d %b %Y'),
                    case date_diff('day', cast(chosen.first_touched_at as date), chosen.created_on)
                        when 0 then ', the day of the deal'
                        when 1 then ', 1 day before the deal'
                        else concat(
                            ', ',
                            date_diff('day', cast(chosen.first_touched_at as date), chosen.created_on),
                            ' days before the deal'
                        )
                    end
                )
            when 'company source' then concat('a colleague''s source field says ', chosen.source)
            else 'no touch is known before the deal'
        end as touch_words,
        case chosen.presales_rule
            when 'touch tie' then 'two sides were first at the same second'
            when 'marketing first'
                then concat(
                    case
                        when chosen.first_sales_at is null then 'no contact by Sales is known'
                        else concat('Sales made contact only on ', strftime(chosen.first_sales_at, '%-d %b %Y'))
                    end,
                    case
                        when chosen.first_marketing_at > chosen.first_touched_at
                            then concat(
                                ', after Marketing on ',
                                strftime(chosen.first_marketing_at, '%-d %b %Y')
                            )
                        else ''
                    end
                )
            when 'sales first'
                then concat('Sales made contact first, on ', strftime(chosen.first_sales_at, '%-d %b %Y'))
            when 'partner or customer first' then 'a partner or customer was there before Marketing'
            when 'before the lead' then 'the deal is older than its first contact record'
            when 'source field' then 'no touch of Marketing is known before the deal'
            else 'neither a touch of Marketing nor a contact by Sales is known'
        end as presales_words
    from chosen
)

select
    worded.deal_id,
    worded.deal_name,
    worded.company_name as company,
    worded.closed_on,
    worded.amount,
    worded.field_side,
    worded.origin_side,
    worded.presales_side,
    concat(
        worded.field_words,
        case
            when worded.is_before_lead then ''
            else concat('; ', worded.touch_words)
        end,
        '; ',
        worded.presales_words
    ) as why,
    worded.owner
from worded
order by worded.amount desc nulls last, worded.deal_id asc
limit $row_limit

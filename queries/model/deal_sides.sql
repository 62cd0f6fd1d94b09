-- name: deal_sides
-- title: Sides of a deal
-- definition: Whose a deal is under each of the three rules, what decided, and whether Marketing influenced it. Field - the source the
--   deal names (its main contact, where no deal of that export has a source). Origin - the earliest touch, else the fields. Pre-sales - Marketing's where a touch of Marketing
--   stands before the first contact by Sales and before the deal; a partner's or customer's first touch or source keeps its side; Sales'
--   where Sales was first; else unknown. Influence - touches of Marketing before the deal, while it was open, both or none. Side and
--   channel are those under the rule both sides chose.
-- returns: deal_key, side, channel, decided_by, field_side, field_channel, field_rule, field_source, origin_side,
--   origin_channel, origin_rule, presales_side, presales_channel, presales_rule, is_before_lead, is_tie, first_touched_at,
--   first_channel, first_marketing_at, first_marketing_channel, first_sales_at, influence, deal_source_norm,
--   contact_source_norm, deal_source_side, contact_source_side
with marked as (
    select
        deal_touches.deal_key,
        deal_touches.touched_at,
        deal_touches.touch_key,
        deal_touches.channel,
        deal_touches.side,
        deal_touches.is_before_deal,
        deal_touches.side = 'marketing' as is_marketing,
        deal_touches.is_before_deal and deal_touches.side = 'marketing' as is_early_marketing,
        deal_touches.is_before_deal and deal_touches.side in ('partner', 'customer') as is_early_friend,
        (deal_touches.touched_at, deal_touches.touch_key) as place
    from deal_touches
),

touched as (
    select
        marked.deal_key,
        min(marked.touched_at) filter (where marked.is_early_marketing) as first_marketing_at,
        min_by(marked.channel, marked.place) filter (where marked.is_early_marketing) as first_marketing_channel,
        min(marked.touched_at) filter (where marked.is_early_friend) as first_friend_at,
        min_by(marked.side, marked.place) filter (where marked.is_early_friend) as first_friend_side,
        min_by(marked.channel, marked.place) filter (where marked.is_early_friend) as first_friend_channel,
        count_if(marked.is_early_marketing) > 0 as is_touched_before,
        count_if(marked.is_marketing and not marked.is_before_deal) > 0 as is_touched_within
    from marked
    group by marked.deal_key
),

moments as (
    select
        deal_origin.*,
        deal_records.created_at is null as is_undated,
        date_trunc('second', touched.first_marketing_at) as marketing_at,
        date_trunc('second', touched.first_friend_at) as friend_at,
        date_trunc('second', sales_contacts.first_sales_at) as sales_at,
        touched.first_marketing_at,
        touched.first_marketing_channel,
        touched.first_friend_side,
        touched.first_friend_channel,
        sales_contacts.first_sales_at,
        coalesce(touched.is_touched_before, false) as is_touched_before,
        coalesce(touched.is_touched_within, false) as is_touched_within
    from deal_origin
    inner join deal_records on deal_origin.deal_key = deal_records.deal_key
    left join touched on deal_origin.deal_key = touched.deal_key
    left join sales_contacts on deal_origin.deal_key = sales_contacts.deal_key
),

ruled as (
    select
        moments.*,
        case
            when moments.is_before_lead then 'before the lead'
            when
                moments.marketing_at = moments.sales_at
                and (moments.friend_at is null or moments.friend_at >= moments.marketing_at)
                then 'touch tie'
            when
                moments.marketing_at = moments.friend_at
                and (moments.sales_at is null or moments.sales_at > moments.marketing_at)
                then 'touch tie'
            when
                (moments.sales_at is null or moments.marketing_at < moments.sales_at)
                and (moments.friend_at is null or moments.marketing_at < moments.friend_at)
                and moments.marketing_at is not null
                then 'marketing first'
            when
                moments.friend_at is not null
                and (moments.marketing_at is null or moments.friend_at < moments.marketing_at)
                then 'partner or customer first'
            when moments.marketing_at is null and moments.field_side in ('partner', 'customer') then 'source field'
            when moments.sales_at is not null then 'sales first'
            else 'none'
        end as presales_rule
    from moments
),

sided as (
    select
        ruled.*,
        case ruled.presales_rule
            when 'before the lead' then ruled.field_side
            when 'source field' then ruled.field_side
            when 'marketing first' then 'marketing'
            when 'partner or customer first' then ruled.first_friend_side
            when 'sales first' then 'sales'
            else 'unknown'
        end as presales_side,
        case ruled.presales_rule
            when 'before the lead' then ruled.field_channel
            when 'source field' then ruled.field_channel
            when 'marketing first' then ruled.first_marketing_channel
            when 'partner or customer first' then ruled.first_friend_channel
            when 'sales first' then if(ruled.field_side = 'sales', ruled.field_channel, 'Sales contact')
            when 'touch tie' then ruled.first_marketing_channel
            else 'Unknown'
        end as presales_channel
    from ruled
)

select
    sided.deal_key,
    case config.sourced_rule
        when 'field' then sided.field_side
        when 'presales' then sided.presales_side
        else sided.side
    end as side,
    case config.sourced_rule
        when 'field' then sided.field_channel
        when 'presales' then sided.presales_channel
        else sided.channel
    end as channel,
    case config.sourced_rule
        when 'field' then sided.field_rule
        when 'presales' then sided.presales_rule
        else sided.origin_rule
    end as decided_by,
    sided.field_side,
    sided.field_channel,
    sided.field_rule,
    sided.field_source,
    sided.side as origin_side,
    sided.channel as origin_channel,
    sided.origin_rule,
    sided.presales_side,
    sided.presales_channel,
    sided.presales_rule,
    sided.is_before_lead,
    sided.origin_rule = 'touch tie' or sided.presales_rule = 'touch tie' as is_tie,
    sided.first_touched_at,
    sided.first_channel,
    sided.first_marketing_at,
    sided.first_marketing_channel,
    sided.first_sales_at,
    case
        when sided.is_undated then 'unknown'
        when sided.is_touched_before and sided.is_touched_within then 'both'
        when sided.is_touched_before then 'pre-opp'
        when sided.is_touched_within then 'in-opp'
        else 'none'
    end as influence,
    sided.deal_source_norm,
    sided.contact_source_norm,
    sided.deal_source_side,
    sided.contact_source_side
from sided
cross join config

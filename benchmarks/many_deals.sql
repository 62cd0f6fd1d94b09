-- Deals as the model has them: 24 sources, the better the slower, over 700 days; losses sooner than wins.
with drawn as (
    select
        range as deal_key,
        hash(range) % 24 as source,
        cast(hash(range * 7 + 1) % 700 as integer) as entered,
        (hash(range * 13 + 5) % 1000000) / 1e6 as luck,
        (hash(range * 17 + 3) % 1000000 + 1) / 1e6 as pace
    from range($deals)
),

lived as (
    select
        drawn.*,
        drawn.luck < 0.05 + 0.01 * drawn.source as wins,
        drawn.entered + cast(
            ceil(
                case when drawn.luck < 0.05 + 0.01 * drawn.source then 60 + 4 * drawn.source else 30 + drawn.source end
                * pow(-ln(drawn.pace), 1 / 1.3)
            ) as integer
        ) as ended
    from drawn
)

select
    lived.deal_key,
    cast(lived.deal_key as varchar) as deal_id,
    date '2024-12-01' + lived.entered as created_on,
    lived.ended <= 700 and lived.wins as is_won,
    lived.ended <= 700 and not lived.wins as is_lost,
    lived.ended > 700 as is_open,
    lived.ended <= 700 as is_closed,
    case when lived.ended <= 700 then date '2024-12-01' + lived.ended end as closed_on,
    date '2024-12-01' + 700 as as_of,
    cast(hash(lived.deal_key) % 100000 as decimal(18, 4)) as amount,
    'Channel ' || hash(lived.deal_key * 31) % 5 as channel,
    'Source ' || lived.source as source,
    case when hash(lived.deal_key * 43) % 5 < 3 then 'marketing' else 'sales' end as side,
    'Campaign ' || hash(lived.deal_key * 3) % 200 as campaign,
    'Region ' || hash(lived.deal_key * 5) % 6 as region,
    'Segment ' || hash(lived.deal_key * 11) % 3 as segment,
    'Product ' || hash(lived.deal_key * 19) % 12 as product,
    'Team ' || hash(lived.deal_key * 23) % 8 as team,
    'Owner ' || hash(lived.deal_key * 29) % 60 as owner,
    'Pipeline ' || hash(lived.deal_key * 37) % 2 as pipeline,
    cast(null as varchar) as account_list,
    hash(lived.deal_key * 41) % 4 = 0 as video_engaged
from lived

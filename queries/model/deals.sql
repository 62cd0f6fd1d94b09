-- name: deals
-- title: Deals
-- definition: Every deal with its status, money in the reporting currency, dates, company, people and the words it is cut by; whose
--   it is follows the rule both sides chose.
-- returns: deal_key, deal_id, system, record_key, import_id, line_no, deal_name, stage_raw, stage, stage_order,
--   is_stage_unmapped, status, is_won, is_lost, is_open, is_closed, amount, amount_original, currency,
--   is_rate_missing, created_at, created_on, closed_at, closed_on, expected_close_on, is_future_dated, is_undated,
--   is_closed_before_created, deal_type, type_raw, is_new_business, person_key, company_key, company_name, channel,
--   source, side, origin_rule, is_source_unmapped, campaign, region, segment, product, team, owner, pipeline,
--   account_list, video_engaged, loss_reason, crm_probability, margin, discount, next_step, modified_at, as_of
with engaged as (
    select
        deal_people.deal_key,
        min(video_views.viewed_at) as first_viewed_at
    from deal_people
    inner join video_views on deal_people.person_key = video_views.person_key
    inner join deal_records on deal_people.deal_key = deal_records.deal_key
    cross join config
    where
        video_views.pct >= config.video_engaged_pct
        and (deal_records.closed_at is null or video_views.viewed_at <= deal_records.closed_at)
    group by deal_people.deal_key
),

main_contact as (
    select
        deal_people.deal_key,
        deal_people.person_key
    from deal_people
    where deal_people.is_primary
)

select
    deal_records.deal_key,
    deal_records.deal_id,
    deal_records.system,
    deal_records.record_key,
    deal_records.import_id,
    deal_records.line_no,
    deal_records.deal_name,
    deal_records.stage_raw,
    deal_records.stage,
    deal_records.stage_order,
    deal_records.is_stage_unmapped,
    deal_records.status,
    deal_records.is_won,
    deal_records.is_lost,
    deal_records.is_open,
    deal_records.is_closed,
    deal_records.amount,
    deal_records.amount_original,
    deal_records.currency,
    deal_records.is_rate_missing,
    deal_records.created_at,
    deal_records.created_on,
    deal_records.closed_at,
    deal_records.closed_on,
    deal_records.expected_close_on,
    deal_records.is_future_dated,
    deal_records.is_undated,
    deal_records.closed_on < deal_records.created_on as is_closed_before_created,
    deal_records.deal_type,
    deal_records.type_raw,
    deal_records.is_new_business,
    main_contact.person_key,
    deal_companies.company_key,
    coalesce(companies.company_name, deal_records.company_name_raw) as company_name,
    deal_sides.channel,
    deal_origin.source,
    deal_sides.side,
    deal_sides.decided_by as origin_rule,
    deal_records.is_source_unmapped,
    coalesce(
        deal_records.campaign_name, campaign_names.campaign_name, deal_records.campaign_id, deal_origin.origin_campaign
    )
        as campaign,
    coalesce(deal_records.region_raw, companies.region, users.region, people.region) as region,
    coalesce(deal_records.segment_raw, companies.segment, people.segment) as segment,
    deal_records.product,
    coalesce(deal_records.team_raw, users.team) as team,
    coalesce(users.owner_name, deal_records.owner_raw) as owner,
    deal_records.pipeline,
    coalesce(deal_records.account_list_raw, companies.account_list, people.account_list) as account_list,
    engaged.first_viewed_at is not null as video_engaged,
    deal_records.loss_reason,
    deal_records.crm_probability,
    deal_records.margin,
    deal_records.discount,
    deal_records.next_step,
    deal_records.modified_at,
    deal_records.as_of
from deal_records
inner join deal_origin on deal_records.deal_key = deal_origin.deal_key
inner join deal_sides on deal_records.deal_key = deal_sides.deal_key
left join deal_companies on deal_records.deal_key = deal_companies.deal_key
left join companies on deal_companies.company_key = companies.company_key
left join main_contact on deal_records.deal_key = main_contact.deal_key
left join people on main_contact.person_key = people.person_key
left join word_norms on deal_records.owner_raw = word_norms.word
left join users on word_norms.norm = users.owner_alias
left join campaign_names on deal_records.campaign_id = campaign_names.campaign_id
left join engaged on deal_records.deal_key = engaged.deal_key

-- name: campaign_names
-- title: Campaign names
-- definition: The name of a campaign by the id records give it, where the id means one campaign only.
-- returns: campaign_id, campaign_name
select
    campaigns.campaign_id,
    min(campaigns.campaign_name) as campaign_name
from campaigns
group by campaigns.campaign_id
having count(distinct campaigns.campaign_name) = 1

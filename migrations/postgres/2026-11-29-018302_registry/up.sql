-- what filters ask beside the facets stands in the index that the list is walked by, so that no row is read
DROP INDEX company_score;
CREATE INDEX company_score ON company(score DESC, id DESC, facets, region, industry, sign_by, last_touch_at, needs) WHERE merged_into IS NULL;
DROP INDEX company_region;
CREATE INDEX company_region ON company(region, industry, facets, score, last_touch_at, id, sign_by, needs) WHERE merged_into IS NULL;
-- whom an agent called, without the calls
DROP INDEX call_agent;
CREATE INDEX call_agent ON call(agent_id, dialled_at, company_id);

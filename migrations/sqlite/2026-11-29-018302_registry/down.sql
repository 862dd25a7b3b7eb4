DROP INDEX call_agent;
CREATE INDEX call_agent ON call(agent_id, dialled_at);
DROP INDEX company_region;
CREATE INDEX company_region ON company(region, industry, facets, score, last_touch_at, id) WHERE merged_into IS NULL;
DROP INDEX company_score;
CREATE INDEX company_score ON company(score DESC, id DESC, facets, region, industry) WHERE merged_into IS NULL;

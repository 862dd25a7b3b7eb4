-- the figures of a campaign count its entries by state and by what holds them back, without reading the entries
DROP INDEX entry_state;
CREATE INDEX entry_state ON queue_entry(campaign_id, state, bar);

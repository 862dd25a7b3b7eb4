-- What waits for a domain whose lane had enough is remembered by the walk: this index was written at every claim, in as many places as there are domains.
DROP INDEX delivery_ready;

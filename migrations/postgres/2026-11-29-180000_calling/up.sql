-- The open call-backs of an entry are asked for with every result, those of a call when it is taken back.
CREATE INDEX callback_entry ON callback(entry_id) WHERE state = 'open';
CREATE INDEX callback_call ON callback(call_id) WHERE state = 'open';

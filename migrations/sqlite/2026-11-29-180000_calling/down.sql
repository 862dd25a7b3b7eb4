DROP INDEX callback_call;
DROP INDEX callback_entry;

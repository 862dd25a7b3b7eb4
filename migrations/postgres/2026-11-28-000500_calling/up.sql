-- Why they were not interested, by the code of the office's list or in words.
ALTER TABLE call_result ADD COLUMN reason TEXT;

DROP INDEX call_result_note;
ALTER TABLE call_result DROP COLUMN note_key;
DROP TABLE contradiction;
DROP INDEX grade_change_open;
ALTER TABLE grade_change DROP COLUMN decided_at;
ALTER TABLE grade_change DROP COLUMN decided_by;
ALTER TABLE grade_change DROP COLUMN evidence;
ALTER TABLE grade_change DROP COLUMN kind;

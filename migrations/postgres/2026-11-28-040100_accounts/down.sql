DROP INDEX change_log_made;

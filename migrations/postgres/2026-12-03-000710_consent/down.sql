DROP INDEX suppression_origin_ended;
